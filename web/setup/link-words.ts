import { createWords } from '../shared/language/words.ts';

const ko = {
  signed: '테이블 QR 코드로만 주문 받기 (추천)',
  signedHelp: '인쇄한 QR 코드에 서명이 들어가서, 테이블 번호만 바꿔 적은 주소로는 주문할 수 없어요.',
  visit: '방문 코드 묻기',
  visitHelp:
    '직원이 테이블을 열면 네 자리 코드가 나와요. 손님은 처음 주문할 때 한 번 넣어요. 집에서 QR 사진으로 주문할 수 없어요.',
  pdf: 'PDF로 받기',
  replace: '새 코드로 바꾸기',
  replaceName: '{{name}} 새 코드로 바꾸기',
  replaceHelp: '지금 붙어 있는 코드는 바로 쓸 수 없게 돼요. 새로 인쇄해서 붙여 주세요.',
  replaceSure: '네, 바꿀게요',
  replaceSureName: '네, {{name}} 코드를 바꿀게요',
};

const en: Record<keyof typeof ko, string> = {
  signed: 'Tables order only by their QR code (recommended)',
  signedHelp: 'Printed codes carry a signature; an address with another table’s number typed in orders nothing.',
  visit: 'Ask for the code of the visit',
  visitHelp:
    'Staff open the table and tell its guests four digits, which a phone types once. A photo of the QR code orders nothing from home.',
  pdf: 'Save as PDF',
  replace: 'Replace the code',
  replaceName: 'Replace the code of {{name}}',
  replaceHelp: 'The code on the table stops working at once. Print the new one and put it up.',
  replaceSure: 'Yes, replace it',
  replaceSureName: 'Yes, replace the code of {{name}}',
};

const ja: Record<keyof typeof ko, string> = {
  signed: 'テーブルのQRコードでだけ注文を受ける（おすすめ）',
  signedHelp: '印刷したQRコードには署名があり、テーブル番号を書き換えたアドレスでは注文できません。',
  visit: '来店コードをたずねる',
  visitHelp:
    'スタッフがテーブルを開くと四桁のコードが出ます。お客様は最初の注文で一度だけ入れます。QRの写真で家から注文することはできません。',
  pdf: 'PDFで保存',
  replace: '新しいコードに替える',
  replaceName: '{{name}}を新しいコードに替える',
  replaceHelp: '今貼ってあるコードはすぐ使えなくなります。新しく印刷して貼ってください。',
  replaceSure: 'はい、替えます',
  replaceSureName: 'はい、{{name}}のコードを替えます',
};

const zh: Record<keyof typeof ko, string> = {
  signed: '只接受桌上二维码的点单（推荐）',
  signedHelp: '打印的二维码带有签名，改写桌号的地址无法点单。',
  visit: '要求到店码',
  visitHelp: '店员开桌后会得到四位数字，客人第一次点单时输入一次。用二维码的照片不能在家点单。',
  pdf: '保存为PDF',
  replace: '更换二维码',
  replaceName: '更换{{name}}的二维码',
  replaceHelp: '现在贴着的二维码会立即失效，请打印新的贴上。',
  replaceSure: '是，更换',
  replaceSureName: '是，更换{{name}}的二维码',
};

/** What the set-up page says of tables' links. */
export const words = createWords({ ko, en, ja, zh });
