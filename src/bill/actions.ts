import type {
  DiscountRequest,
  OrderView,
  PaymentRequest,
  RefundRequest,
  ReversalRequest,
  VoidRequest,
} from '../contract/index.ts';
import { dueOf } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { ordersOf } from './bills.ts';
import type { DecideEntry, LockedBill } from './change-bill.ts';
import { giveBackUse, useCoupon } from './coupon/coupons.ts';
import { refundableOf, standingDiscounts } from './entries.ts';
import type { Actor, OrderRef, Store } from './ports.ts';
import {
  canReverse,
  checkPayment,
  checkTendered,
  couponDiscount,
  handDiscount,
  priceDishes,
  refund,
  reopens,
} from './rules.ts';
import { dishLines, ORDERS_SHOWN_MAX } from './view.ts';

/** Takes money at the counter: an amount, or the price of dishes. @throws Problem `invalid`, `more-than-due` */
export function payment(
  { method, amount, dishes, tendered, approval }: PaymentRequest,
  readOrders: (db: Queryable, refs: readonly OrderRef[]) => Promise<(OrderView | undefined)[]>,
): DecideEntry {
  if ((amount === undefined) === (dishes === undefined)) {
    throw invalidField('amount', 'or dishes, and not both, says what is paid', 'one of amount and dishes');
  }
  return async (tx, { bill, entries }) => {
    let pays = amount ?? 0;
    if (dishes) {
      const refs = await ordersOf(tx, bill.storeId, bill.id, ORDERS_SHOWN_MAX);
      const orders = (await readOrders(tx, refs)).filter((order) => order !== undefined);
      pays = priceDishes(bill, dishLines(orders, entries), dishes);
    }
    checkPayment(bill, pays);
    checkTendered(pays, method, tendered);
    const its = dishes?.map((dish) => ({ ...dish, orderId: dish.orderId.toLowerCase() }));
    return { kind: 'payment', amount: pays, waived: 0, method, tendered, dishes: its, approval };
  };
}

/** What a role may give by hand of one bill, in percent of it. */
const mostOf = (store: Store, role: Actor['role']): number =>
  role === 'owner' ? 100 : role === 'manager' ? store.discountMax.manager : store.discountMax.hall;

/** @throws Problem `invalid`, `discount-too-large`, `coupon-refused`, `more-than-due` when nothing is left */
export function discount(store: Store, by: Actor, asked: DiscountRequest, nowMs: number): DecideEntry {
  const { percent, amount, coupon, reason } = asked;
  if ([percent, amount, coupon].filter((each) => each !== undefined).length !== 1) {
    throw invalidField('percent', 'amount or coupon, and only one of them, says how much', 'exactly one of the three');
  }
  if (coupon === undefined && !reason?.trim()) throw invalidField('reason', 'is missing', 'why it is given');
  return async (tx, { bill, entries }) => {
    if (dueOf(bill) <= 0) checkPayment(bill, 1);
    const standing = standingDiscounts(entries);
    if (coupon !== undefined) {
      const usedHere = (id: string) => standing.some(({ couponId }) => couponId === id);
      const used = await useCoupon(tx, store.id, coupon, usedHere, nowMs);
      return { kind: 'discount', amount: couponDiscount(bill, used), waived: 0, couponId: used.id, reason };
    }
    const given = standing.reduce((sum, { amount, couponId }) => (couponId ? sum : sum + amount), 0);
    const asks = { ...(percent !== undefined && { percent }), ...(amount !== undefined && { amount }) };
    return { kind: 'discount', amount: handDiscount(bill, asks, given, mostOf(store, by.role)), waived: 0, reason };
  };
}

/**
 * Takes a discount back that was given by mistake, and gives its coupon's use back; a visit that it has just ended goes on.
 * @throws Problem `invalid`, `stale` when somebody took it back already, `bill-closed` when the bill is settled
 */
export const reverseDiscount =
  (storeId: string, { discount: asked, reason }: ReversalRequest, nowMs: number): DecideEntry =>
  async (tx, { bill, entries }) => {
    const discountId = asked.toLowerCase();
    const given = entries.find(({ id, kind }) => kind === 'discount' && id === discountId);
    if (!given) throw invalidField('discount', 'is no discount of this bill', 'the id of one of its discounts');
    if (!standingDiscounts(entries).includes(given)) {
      throw new Problem('stale', { detail: 'This discount was taken back already.' });
    }
    if (!canReverse(bill, given)) {
      throw new Problem('bill-closed', { detail: 'It is settled: what its guests agreed to and paid stays.' });
    }
    if (given.couponId) await giveBackUse(tx, storeId, given.couponId);
    const couponId = given.couponId ?? undefined;
    const { amount } = given;
    return { kind: 'reversal', amount, waived: 0, discountId, couponId, reason, reopens: reopens(bill, given, nowMs) };
  };

/** Pays back a payment or a part of it. @throws Problem `invalid`, `more-than-paid` */
export const refundPayment =
  ({ payment: asked, amount, method, reason, payAgain }: RefundRequest): DecideEntry =>
  (_tx, { bill, entries }) => {
    const paymentId = asked.toLowerCase();
    const paid = entries.find((entry) => entry.kind === 'payment' && entry.id === paymentId);
    if (!paid) throw invalidField('payment', 'is no payment of this bill', 'the id of one of its payments');
    const change = refund(bill, amount, refundableOf(paid, entries), payAgain ?? false);
    return { ...change, method: method ?? paid.method ?? 'cash', paymentId, reason };
  };

/**
 * Ends a bill: what is left is not asked for any more, as when guests have left. Who may not give a bill away may still end an empty one.
 * @throws Problem `forbidden`, `bill-closed`
 */
export const voidBill =
  (by: Actor, { reason }: VoidRequest): DecideEntry =>
  (_tx, { bill }: LockedBill) => {
    const due = dueOf(bill);
    if (bill.closedAt && due <= 0) throw new Problem('bill-closed', { detail: 'Nothing of it is open.' });
    if (due < 0) throw new Problem('bill-closed', { detail: `First ${-due} must be paid back.` });
    if (due > 0 && by.role === 'hall') {
      throw new Problem('forbidden', { detail: 'An owner or a manager ends a bill that is not paid.' });
    }
    return { kind: 'void', amount: due, waived: 0, reason };
  };
