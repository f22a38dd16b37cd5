import { type BillDish, dueOf } from '../contract/index.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';

/** What a bill adds up to; see {@link dueOf}. */
export interface Sums {
  readonly total: number;
  readonly discounted: number;
  readonly waived: number;
  readonly paid: number;
  readonly refunded: number;
}

/** What one entry does to a bill. */
export interface Change {
  readonly kind: 'payment' | 'discount' | 'refund' | 'void' | 'reversal';
  readonly amount: number;
  /** Of a refund: what is not asked for again. */
  readonly waived: number;
}

export const NOTHING: Sums = { total: 0, discounted: 0, waived: 0, paid: 0, refunded: 0 };

/** The bill after an entry. Pure; what is allowed is decided before. */
export function apply(sums: Sums, { kind, amount, waived }: Change): Sums {
  if (kind === 'payment') return { ...sums, paid: sums.paid + amount };
  if (kind === 'discount') return { ...sums, discounted: sums.discounted + amount };
  if (kind === 'reversal') return { ...sums, discounted: sums.discounted - amount };
  if (kind === 'void') return { ...sums, waived: sums.waived + amount };
  return { ...sums, refunded: sums.refunded + amount, waived: sums.waived + waived };
}

/** @throws Problem `more-than-due` with what is left */
export function checkPayment(sums: Sums, amount: number): void {
  const due = Math.max(dueOf(sums), 0);
  if (amount > due) {
    throw new Problem('more-than-due', { detail: `There is ${due} left to pay.`, extra: { due } });
  }
}

/** @returns the change in cash; null where no cash was counted. @throws Problem `invalid` */
export function checkTendered(amount: number, method: string, tendered: number | undefined): void {
  if (tendered === undefined) return;
  if (method !== 'cash') throw invalidField('tendered', 'is of cash only', 'unset for a card');
  if (tendered < amount) throw invalidField('tendered', 'is less than is paid with it', `${amount} or more`);
}

/** A line of the bill, as far as paying by dish goes. */
export interface DishLine {
  readonly orderId: string;
  readonly line: number;
  readonly quantity: number;
  readonly unitPrice: number;
  /** Portions that somebody has paid. */
  readonly paid: number;
}

/**
 * What some dishes cost just now: their share of what is charged for all dishes, discounts spread evenly, rounded down; whoever takes the
 * last of them pays all that is left. Never more than is left.
 * @throws Problem `invalid` for dishes that are not on the bill or paid already, `more-than-due` when nothing is left
 */
export function priceDishes(sums: Sums, lines: readonly DishLine[], dishes: readonly BillDish[]): number {
  const wanted = new Map<DishLine, number>();
  for (const [index, dish] of dishes.entries()) {
    const line = lines.find((each) => each.orderId === dish.orderId.toLowerCase() && each.line === dish.line);
    if (!line) throw invalidField(`dishes[${index}]`, 'is not on this bill', 'an order and a line of the bill');
    const quantity = (wanted.get(line) ?? 0) + dish.quantity;
    const left = line.quantity - line.paid;
    if (quantity > left) {
      throw invalidField(`dishes[${index}].quantity`, 'is more than is unpaid of it', `${left} or fewer`);
    }
    wanted.set(line, quantity);
  }
  const due = dueOf(sums);
  if (due <= 0) checkPayment(sums, 1);
  const isLast = lines.every((line) => line.paid + (wanted.get(line) ?? 0) === line.quantity);
  if (isLast) return due;
  const price = [...wanted].reduce((sum, [line, quantity]) => sum + line.unitPrice * quantity, 0);
  const charged = Math.max(sums.total - sums.discounted - sums.waived, 0);
  // Past 2^53 won nobody eats.
  return Math.min(due, Math.floor((price * charged) / Math.max(sums.total, 1)));
}

/**
 * A discount by hand: of the whole bill, at most what is left of it and what the role may give in all.
 * @param given by hand on this bill before
 * @param mostPercent of the total that this role may give
 * @throws Problem `discount-too-large` with what may still be given
 */
export function handDiscount(
  sums: Sums,
  asked: { readonly percent?: number; readonly amount?: number },
  given: number,
  mostPercent: number,
): number {
  const amount = asked.amount ?? Math.floor((sums.total * (asked.percent ?? 0)) / 100);
  const most = Math.min(Math.max(Math.floor((sums.total * mostPercent) / 100) - given, 0), Math.max(dueOf(sums), 0));
  if (amount > most || amount === 0) {
    throw new Problem('discount-too-large', {
      detail: `You may still give ${most} on this bill, ${mostPercent} % in all.`,
      extra: { most },
    });
  }
  return amount;
}

/** What a coupon takes off: never more than is left. */
export const couponDiscount = (
  sums: Sums,
  coupon: { readonly percent: number | null; readonly amount: number | null },
): number =>
  Math.min(coupon.amount ?? Math.floor((sums.total * (coupon.percent ?? 0)) / 100), Math.max(dueOf(sums), 0));

/**
 * Whether a discount that stands can be taken back. What guests paid and left with stays as it was agreed; but a bill that owes goes on being
 * paid, and one that the discount itself ended, as 100 % typed for 10 %, goes on.
 */
export const canReverse = (bill: Sums & { readonly closedAt: Date | null }, discount: { readonly at: Date }): boolean =>
  !bill.closedAt || dueOf(bill) > 0 || endedBy(bill, discount);

/** Whether a bill ended with this entry. */
const endedBy = (bill: { readonly closedAt: Date | null }, entry: { readonly at: Date }): boolean =>
  bill.closedAt?.getTime() === entry.at.getTime();

/**
 * So long after a discount ended a visit its guests still sit there: who typed 100 for 10 sees it at once, and they are at the counter. Longer,
 * and the next guests of the table would order on the bill of those before.
 */
export const REOPENED_WITHIN_MS = 15 * 60_000;

/** Whether a visit that a discount ended goes on when that is taken back. */
export const reopens = (
  bill: { readonly closedAt: Date | null },
  discount: { readonly at: Date },
  nowMs: number,
): boolean => endedBy(bill, discount) && nowMs - discount.at.getTime() <= REOPENED_WITHIN_MS;

/**
 * A refund pays back what the bill owes first; the rest is not asked for again, unless it is to be paid again.
 * @param refundable of the payment, or of the bill
 * @throws Problem `more-than-paid` with what can be paid back
 */
export function refund(sums: Sums, amount: number, refundable: number, payAgain: boolean): Change {
  if (amount > refundable) {
    throw new Problem('more-than-paid', {
      detail: `There is ${refundable} that can be paid back.`,
      extra: { refundable },
    });
  }
  const owed = Math.max(-dueOf(sums), 0);
  const goodwill = Math.max(amount - owed, 0);
  return { kind: 'refund', amount, waived: payAgain ? 0 : goodwill };
}
