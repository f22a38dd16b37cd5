import { createWords } from '../../shared/language/words.ts';

const ko = {
  call: '직원 호출',
  called: '호출했어요',
  onTheWay: '가고 있어요',
  coming: '직원이 가고 있어요',
  soon: '직원이 방금 다녀갔어요. 잠시 뒤에 다시 눌러 주세요.',
  failed: '부르지 못했어요. 다시 눌러 주세요.',
  code: '방문 코드',
  codeHelp: '직원이 알려 준 네 자리 코드를 넣어 주세요. 같은 테이블 손님도 알고 있어요.',
  codeWrong: '아니에요. 코드를 다시 확인해 주세요.',
  codeOften: '여러 번 틀렸어요. 직원에게 말씀해 주세요.',
  codeFailed: '확인하지 못했어요. 다시 눌러 주세요.',
  codeDo: '주문하기',
  noVisit: '아직 열리지 않은 테이블이에요. 직원에게 열어 달라고 말씀해 주세요.',
  tryAgain: '다시 주문하기',
  moved: '테이블 {{table}}로 옮겼어요',
};

const en: Record<keyof typeof ko, string> = {
  call: 'Call staff',
  called: 'Called',
  onTheWay: 'On the way',
  coming: 'Somebody is coming',
  soon: 'The staff were just here. Please try again in a moment.',
  failed: 'That did not get through. Please tap again.',
  code: 'Visit code',
  codeHelp: 'Type the four digits that the staff told your table.',
  codeWrong: 'That is not it. Please check the code.',
  codeOften: 'Wrong too often. Please ask the staff.',
  codeFailed: 'That did not get through. Please tap again.',
  codeDo: 'Order',
  noVisit: 'This table is not open yet. Please ask the staff to open it.',
  tryAgain: 'Order again',
  moved: 'You sit at table {{table}} now',
};

const ja: Record<keyof typeof ko, string> = {
  call: '店員を呼ぶ',
  called: '呼びました',
  onTheWay: '向かっています',
  coming: '店員が向かっています',
  soon: '先ほど店員が伺いました。少し後でもう一度押してください。',
  failed: '呼べませんでした。もう一度押してください。',
  code: '来店コード',
  codeHelp: '店員がお伝えした4桁のコードを入力してください。',
  codeWrong: 'コードが違います。もう一度ご確認ください。',
  codeOften: '何度も間違えました。店員にお声がけください。',
  codeFailed: '確認できませんでした。もう一度押してください。',
  codeDo: '注文する',
  noVisit: 'このテーブルはまだ開いていません。店員にお声がけください。',
  tryAgain: 'もう一度注文する',
  moved: 'テーブル{{table}}に移りました',
};

const zh: Record<keyof typeof ko, string> = {
  call: '呼叫店员',
  called: '已呼叫',
  onTheWay: '正在过来',
  coming: '店员正在过来',
  soon: '店员刚来过，请稍后再按。',
  failed: '没有呼叫成功，请再按一次。',
  code: '到店码',
  codeHelp: '请输入店员告知的四位数字。',
  codeWrong: '不对，请核对一下。',
  codeOften: '输错次数过多，请找店员。',
  codeFailed: '没有确认成功，请再按一次。',
  codeDo: '下单',
  noVisit: '这张桌子还没有开台，请找店员开台。',
  tryAgain: '再次下单',
  moved: '已换到{{table}}号桌',
};

/** What a guest's phone says of the table itself. */
export const words = createWords({ ko, en, ja, zh });
