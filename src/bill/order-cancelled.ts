import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { billOf, takeOff } from './bills.ts';
import { entriesOf, paidDishes } from './entries.ts';
import { closeMerged } from './move/merged-tables.ts';
import type { Announcer, OrderRef } from './ports.ts';
import { billMessages } from './table-bills.ts';

/** What a bill loses when one of its orders is cancelled, in the transaction that cancels it and under its store's lock. */
export const createOrderCancelled =
  (announcer: Announcer, now: Clock) =>
  async (tx: Queryable, order: OrderRef): Promise<void> => {
    const { rows } = await tx.query<{ portions: number; total: number }>(
      `SELECT sum(quantity)::int AS portions, sum(quantity::bigint * unit_price)::bigint AS total FROM order_line
       WHERE store_id = $1 AND order_id = $2`,
      [order.storeId, order.id],
      'weigh-cancelled-order',
    );
    await takeOffBill(tx, order, { orders: 1, ...rows[0]! }, announcer, new Date(now()));
  };

/** What a bill loses when portions are taken off one of its orders. @returns whether nothing of it is left to pay */
export const createPortionsTakenOff =
  (announcer: Announcer, now: Clock) =>
  async (
    tx: Queryable,
    order: OrderRef,
    lost: { readonly portions: number; readonly total: number },
  ): Promise<boolean> => {
    const bill = await takeOffBill(tx, order, { orders: 0, ...lost }, announcer, new Date(now()));
    // At the counter it has the order's id, and no row before somebody pays.
    if (!bill) await announcer.announce(tx, billMessages([{ storeId: order.storeId, billId: order.id }]));
    return bill?.isOver ?? false;
  };

/** How many portions of a line are paid by dish. */
export async function paidPortionsOf(tx: Queryable, order: OrderRef, line: number): Promise<number> {
  const billId = await billOf(tx, order);
  if (billId === undefined) return 0;
  return paidDishes(await entriesOf(tx, order.storeId, billId)).get(`${order.id} ${line}`) ?? 0;
}

async function takeOffBill(
  tx: Queryable,
  order: OrderRef,
  lost: Parameters<typeof takeOff>[2],
  announcer: Announcer,
  at: Date,
): Promise<{ readonly isOver: boolean } | undefined> {
  const bill = await takeOff(tx, order, lost, at);
  if (!bill) return undefined;
  const changed = [{ storeId: order.storeId, billId: bill.id }];
  if (bill.isOver) await closeMerged(tx, changed, at);
  await announcer.announce(tx, billMessages(changed));
  return bill;
}
