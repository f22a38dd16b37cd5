import { signal } from '@preact/signals';
import type { BillView } from '../../src/contract/bill.ts';
import { formatMoney } from '../../src/contract/money.ts';
import { language } from '../shared/language/i18n.ts';
import { say } from '../shared/parts/notice.tsx';
import { request } from '../shared/server/api.ts';
import { serverNowMs } from '../shared/server/clock.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { backoffMs } from '../shared/server/retry.ts';
import { uuidV7 } from '../shared/server/uuid.ts';
import { hear, path, shown, token } from './bills-state.ts';
import { words } from './words.ts';

/** About five seconds of trying; the key makes it one change, however often it is sent. */
const ATTEMPTS_MAX = 4;

/** Whether something is on its way: a second tap was meant for the first. */
export const busy = signal(false);

/** What was sent and never answered: the same again goes on under its key. */
let unsure: { what: string; key: string } | undefined;

export const money = (amount: number, currency: string): string => formatMoney(amount, currency, language.value);

/**
 * Changes the bill on the screen.
 * @returns the bill as it is now; undefined when it was refused, and then that was said
 */
export async function change(
  bill: BillView,
  what: 'payments' | 'discounts' | 'reversals' | 'refunds' | 'void',
  body: object,
): Promise<BillView | undefined> {
  if (busy.value) return undefined;
  busy.value = true;
  const asked = `${bill.id} ${what} ${JSON.stringify(body)}`;
  const key = unsure?.what === asked ? unsure.key : uuidV7(serverNowMs());
  unsure = { what: asked, key };
  try {
    const changed = await send(`${path}/bills/${bill.id}/${what}`, body, key);
    unsure = undefined;
    hear(changed);
    return changed;
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
    if (!problem.retryable) unsure = undefined;
    say(wordsOf(problem, bill.currency), 'problem');
    return undefined;
  } finally {
    busy.value = false;
  }
}

async function send(url: string, body: object, key: string): Promise<BillView> {
  for (let attempt = 1; ; attempt++) {
    try {
      const headers = { 'idempotency-key': key };
      const { data } = await request<BillView>(url, { method: 'POST', token: token(), body, headers });
      return data!;
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      if (!problem.retryable || attempt >= ATTEMPTS_MAX) throw problem;
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, problem.retryAfterMs)));
    }
  }
}

/** What the fields of a request are called on this page. */
const FIELDS = {
  amount: 'amountOf',
  dishes: 'dishes',
  tendered: 'tendered',
  approval: 'approval',
  percent: 'percent',
  coupon: 'couponCode',
  reason: 'reason',
  payment: 'refund',
  discount: 'discount',
  table: 'tableName',
} as const;
const fieldName = (field = ''): string => {
  const first = /^\w+/.exec(field)?.[0] ?? '';
  return Object.hasOwn(FIELDS, first) ? words(FIELDS[first as keyof typeof FIELDS]) : field;
};

const COUPON = ['unknown', 'used-here', 'used-up', 'early', 'late'] as const;

/** Why it was refused, with what is left, in the reader's language. */
function wordsOf({ type, body, retryable }: ApiProblem, currency: string): string {
  const amount = (of: unknown) => ({ amount: money(Number(of ?? 0), currency) });
  if (type === 'more-than-due') return words('wrong.more-than-due', amount(body.due));
  if (type === 'more-than-paid') return words('wrong.more-than-paid', amount(body.refundable));
  if (type === 'discount-too-large') return words('wrong.discount-too-large', amount(body.most));
  if (type === 'bill-closed' || type === 'forbidden' || type === 'stale') return words(`wrong.${type}`);
  if (type === 'coupon-refused') return words(`coupon.${COUPON.find((each) => each === body.reason) ?? 'unknown'}`);
  if (type === 'invalid') return words('wrong.invalid', { field: fieldName(body.fields?.[0]?.field) });
  return words(retryable ? 'wrong.network' : 'wrong.other');
}

/** Says yes to a table that wants more. */
export async function allow(id: string, place: string): Promise<void> {
  try {
    await request(`${path}/bills/${id}/allow`, { method: 'POST', token: token() });
    say(words('allowed', { place }));
  } catch {
    say(words('wrong.other'), 'problem');
  }
}

/** Sends a receipt to the till's printer. */
export async function printReceipt(id: string): Promise<void> {
  try {
    const headers = { 'idempotency-key': uuidV7(serverNowMs()) };
    await request(`${path}/bills/${id}/receipt`, { method: 'POST', token: token(), body: {}, headers });
    say(words('sentToPrinter'));
  } catch {
    say(words('wrong.other'), 'problem');
  }
}

/** Opens a table before its first order. */
export async function openTable(table: string): Promise<void> {
  try {
    shown.value = await send(`${path}/bills`, { table }, uuidV7(serverNowMs()));
  } catch (error) {
    say(wordsOf(error as ApiProblem, 'KRW'), 'problem');
  }
}
