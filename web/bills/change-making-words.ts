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

/** What the bills' page says while a dish that was ordered is changed. */
export const words = createWords({ ko, en });
