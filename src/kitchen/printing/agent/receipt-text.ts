import type { BillView } from '../../../contract/index.ts';
import { type PaperOptions, wrapWords, written } from './slip-text.ts';

const WORDS = {
  ko: {
    receipt: '영수증',
    number: '사업자등록번호',
    representative: '대표자',
    table: '테이블',
    order: '주문',
    total: '합계',
    discounted: '할인',
    waived: '받지 않음',
    charged: '결제 금액',
    supply: '공급가액',
    vat: '부가세',
    cash: '현금',
    card: '카드',
    online: '온라인',
    refund: '환불',
    approval: '승인번호',
    change: '거스름돈',
    due: '남은 돈',
    id: '영수증 번호',
  },
  en: {
    receipt: 'Receipt',
    number: 'Business number',
    representative: 'Representative',
    table: 'Table',
    order: 'Order',
    total: 'Total',
    discounted: 'Discount',
    waived: 'Not asked for',
    charged: 'Charged',
    supply: 'Net',
    vat: 'VAT included',
    cash: 'Cash',
    card: 'Card',
    online: 'Online',
    refund: 'Refund',
    approval: 'Approval',
    change: 'Change',
    due: 'Left to pay',
    id: 'Receipt',
  },
} as const;

/** The column of amounts: 99,999,999 with its sign. */
const AMOUNT_WIDTH = 13;

/** A receipt in ReceiptLine's notation, with what Korean law wants on it: who sold, their number, the tax in it, how it was paid. */
export function receiptText(receipt: BillView, copy: number, { columns, language, timeZone }: PaperOptions): string {
  const words = WORDS[language];
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency: receipt.currency }).resolvedOptions()
    .maximumFractionDigits;
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const money = (amount: number) => format.format(amount / 10 ** (digits ?? 0)).replaceAll('-', '\\-');
  const wrap = (text: string) => wrapWords(written(text, language), columns - AMOUNT_WIDTH - 2);
  const row = (name: string, amount: number) => `|${wrap(name)} |${money(amount)}|`;
  const whole = (text: string) => wrapWords(written(text, language), columns - 1);
  const at = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(
    new Date(receipt.closedAt ?? receipt.openedAt),
  );
  const { business, vat, total, discounted, waived, due } = receipt;
  const charged = Math.max(total - discounted - waived, 0);
  const place = receipt.table === null ? `${words.order} ${receipt.number ?? ''}` : `${words.table} ${receipt.table}`;
  const moves = receipt.entries.filter(({ kind }) => kind === 'payment' || kind === 'refund');
  return [
    ...(copy > 1 ? [`\`** ${copy} **\``] : []),
    `^^${whole(business?.name ?? words.receipt)}`,
    ...(business
      ? [
          `|${whole(`${words.number} ${business.number}`)}`,
          `|${whole(`${words.representative} ${business.representative}`)}`,
          ...[business.address, business.phone].flatMap((text) => (text ? [`|${whole(text)}`] : [])),
        ]
      : []),
    `|${whole(`${at}  ${place}`)}`,
    `{width:*,${AMOUNT_WIDTH}}`,
    '---',
    ...receipt.orders
      .filter(({ status }) => status !== 'cancelled')
      .flatMap(({ lines }) => lines)
      .filter(({ quantity }) => quantity > 0)
      .map((line) => row(`${line.name[language]} x${line.quantity}`, line.total)),
    '---',
    row(words.total, total),
    ...(discounted > 0 ? [row(words.discounted, -discounted)] : []),
    ...(waived > 0 ? [row(words.waived, -waived)] : []),
    row(words.charged, charged),
    ...(business ? [row(words.supply, charged - vat), row(`${words.vat} ${business.vatPercent}%`, vat)] : []),
    '---',
    ...moves.flatMap((entry) => [
      row(
        `${entry.kind === 'refund' ? `${words.refund} ` : ''}${words[entry.method ?? 'cash']}`,
        entry.kind === 'refund' ? -entry.amount : entry.amount,
      ),
      ...(entry.approval ? [`|${wrap(`  ${words.approval} ${entry.approval}`)} | |`] : []),
      ...(entry.change ? [row(`  ${words.change}`, entry.change)] : []),
    ]),
    ...(due !== 0 ? [row(words.due, due)] : []),
    '---',
    `${words.id} ${receipt.id.slice(-12)}`,
    '',
  ].join('\n');
}
