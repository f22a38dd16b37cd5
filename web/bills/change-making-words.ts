import { createWords } from '../shared/language/words.ts';

const ko = {
  change: '바꾸기',
  name: '{{number}}번 주문의 {{dish}} 바꾸기',
  all: '{{count}}개가 모두 바뀌어요. 일부만 바꾸려면 그만큼 빼고 새로 주문해 주세요.',
  keep: '그대로 두기',
  do: '이렇게 바꾸기',
  done: '{{dish}}: 바꾼 내용을 주방에 알렸어요',
  stale: '다른 기기에서 먼저 바꿨어요. 다시 확인해 주세요.',
  'bill-paid': '이미 낸 음식이거나 닫힌 계산서예요. 환불하거나 새로 주문해 주세요.',
  forbidden: '나간 음식은 점주나 매니저가 바꿀 수 있어요.',
  'sold-out': '고른 옵션이 품절이에요.',
  'not-cancellable': '취소된 주문이에요.',
  failed: '전하지 못했어요. 다시 눌러 주세요.',
};

const en: Record<keyof typeof ko, string> = {
  change: 'Change',
  name: 'Change {{dish}} of order {{number}}',
  all: 'All {{count}} are changed. To change only some, take those off and order them anew.',
  keep: 'Keep it',
  do: 'Change it so',
  done: '{{dish}}: the kitchen has been told',
  stale: 'Somebody changed it on another device. Please look again.',
  'bill-paid': 'It is paid already, or the bill is closed: refund it, or order anew.',
  forbidden: 'An owner or a manager changes what was served.',
  'sold-out': 'An option that you chose is sold out.',
  'not-cancellable': 'The order is cancelled.',
  failed: 'It did not arrive. Please tap again.',
};

const ja: Record<keyof typeof ko, string> = {
  change: '変更',
  name: '{{number}}番の注文の{{dish}}を変更',
  all: '{{count}}つすべて変わります。一部だけなら、その分を減らして新しく注文してください。',
  keep: 'そのままにする',
  do: 'このように変更',
  done: '{{dish}}：変更を厨房に知らせました',
  stale: 'ほかの端末が先に変更しました。もう一度確かめてください。',
  'bill-paid': '支払い済みの料理か、閉じた会計です。返金するか、新しく注文してください。',
  forbidden: '出した料理を変更できるのはオーナーかマネージャーです。',
  'sold-out': '選んだオプションは売り切れです。',
  'not-cancellable': 'キャンセルされた注文です。',
  failed: '送れませんでした。もう一度押してください。',
};

const zh: Record<keyof typeof ko, string> = {
  change: '更改',
  name: '更改{{number}}号订单的{{dish}}',
  all: '{{count}}份都会更改。只改一部分时，请先减去那几份再重新点。',
  keep: '保留',
  do: '这样更改',
  done: '{{dish}}：已通知厨房',
  stale: '其他设备已先更改，请再看一下。',
  'bill-paid': '已付款或账单已关闭：请退款，或重新点单。',
  forbidden: '已上的菜由店主或经理更改。',
  'sold-out': '所选选项已售完。',
  'not-cancellable': '订单已取消。',
  failed: '没有送达，请再按一次。',
};

/** What the bills' page says while a dish that was ordered is changed. */
export const words = createWords({ ko, en, ja, zh });
