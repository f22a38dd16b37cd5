import { createWords } from '../../shared/language/words.ts';

const ko = {
  title: '우리 테이블 계산',
  own: '내 주문 계산',
  order: '{{number}}번 주문',
  mine: '내 주문',
  cancelled: '취소됨',
  total: '합계',
  discounted: '할인',
  waived: '받지 않음',
  paid: '낸 돈',
  refunded: '돌려받은 돈',
  due: '남은 돈',
  owed: '돌려받을 돈',
  settled: '계산이 끝났어요',
  vat: '부가세 포함',
  business: '사업자등록번호 {{number}} · 대표자 {{representative}}',
};

const en: Record<keyof typeof ko, string> = {
  title: 'Our table’s bill',
  own: 'My bill',
  order: 'Order {{number}}',
  mine: 'mine',
  cancelled: 'cancelled',
  total: 'Total',
  discounted: 'Discount',
  waived: 'Not charged',
  paid: 'Paid',
  refunded: 'Paid back',
  due: 'Left to pay',
  owed: 'Owed to you',
  settled: 'The bill is settled',
  vat: 'VAT included',
  business: 'Business number {{number}} · {{representative}}',
};

const ja: Record<keyof typeof ko, string> = {
  title: 'このテーブルのお会計',
  own: 'お会計',
  order: '{{number}}番の注文',
  mine: '自分の注文',
  cancelled: 'キャンセル済み',
  total: '合計',
  discounted: '割引',
  waived: '請求なし',
  paid: 'お支払い済み',
  refunded: '返金済み',
  due: '残り',
  owed: '返金予定',
  settled: 'お会計が済みました',
  vat: '税込（付加価値税）',
  business: '事業者番号 {{number}} · 代表者 {{representative}}',
};

const zh: Record<keyof typeof ko, string> = {
  title: '本桌账单',
  own: '我的账单',
  order: '{{number}}号订单',
  mine: '我的订单',
  cancelled: '已取消',
  total: '合计',
  discounted: '优惠',
  waived: '免收',
  paid: '已付',
  refunded: '已退',
  due: '待付',
  owed: '应退',
  settled: '已结清',
  vat: '含增值税',
  business: '营业执照号 {{number}} · 代表 {{representative}}',
};

/** What a guest's phone says of the bill. */
export const words = createWords({ ko, en, ja, zh });
