import { createWords } from '../shared/language/words.ts';

const ko = {
  receipt: '영수증',
  receiptHelp: '영수증에 나오는 사업자 정보예요. 비워 두면 매장 이름만 나와요.',
  businessName: '상호',
  businessNumber: '사업자등록번호',
  representative: '대표자',
  address: '주소',
  phone: '전화번호',
  vatPercent: '가격에 든 부가세 (%)',
  limits: '테이블 한도',
  limitsHelp: '한 테이블이 이만큼을 넘기면 홀에서 한 번 눌러 확인해요.',
  limitOrders: '주문 수',
  limitPortions: '음식 수',
  limitUnpaid: '안 낸 금액',
  discounts: '직접 할인 한도',
  discountsHelp: '계산서 금액의 몇 %까지 할인할 수 있는지 정해요. 점주는 한도가 없어요.',
  discountHall: '홀 (%)',
  discountManager: '매니저 (%)',
  counter: '카운터 주문',
  counterHelp:
    '켜면 카운터 주문은 돈을 낸 다음에 주방에 들어가고, 10분 안에 내지 않으면 취소돼요. 테이블 주문은 그대로예요.',
  payFirst: '먼저 결제받고 만들기',
  wrongNumber: '번호를 다시 확인해 주세요. 000-00-00000 모양이에요.',
  wrongText: '비워 둘 수 없어요.',
  wrongAmount: '숫자로 적어 주세요.',
};

const en: Record<keyof typeof ko, string> = {
  receipt: 'Receipt',
  receiptHelp: 'What a receipt says of the business. Left empty, it has the store’s name only.',
  businessName: 'Business name',
  businessNumber: 'Business registration number',
  representative: 'Representative',
  address: 'Address',
  phone: 'Telephone',
  vatPercent: 'VAT included in prices (%)',
  limits: 'Limits of a table',
  limitsHelp: 'Above these the hall says yes with one tap.',
  limitOrders: 'Orders',
  limitPortions: 'Portions',
  limitUnpaid: 'Unpaid amount',
  discounts: 'Discounts by hand',
  discountsHelp: 'How much of a bill may be taken off, in percent. An owner has no bound.',
  discountHall: 'Hall (%)',
  discountManager: 'Manager (%)',
  counter: 'Orders at the counter',
  counterHelp:
    'When on, an order at the counter goes to the kitchen when it is paid, and is cancelled when nobody pays it within ten minutes. Orders of tables stay as they are.',
  payFirst: 'Pay first, then cook',
  wrongNumber: 'Please check the number; a Korean one is 000-00-00000.',
  wrongText: 'This cannot be empty.',
  wrongAmount: 'Write a number.',
};

/** What the part of receipts and limits of the set-up page says. */
export const words = createWords({ ko, en });
export type TillWord = keyof typeof ko;
