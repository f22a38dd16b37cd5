import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { takeOff } from './bills.ts';
import { closeMerged } from './merged.ts';
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
    const at = new Date(now());
    const bill = await takeOff(tx, order, rows[0]!, at);
    if (!bill) return;
    const changed = [{ storeId: order.storeId, billId: bill.id }];
    if (bill.isOver) await closeMerged(tx, changed, at);
    await announcer.announce(tx, billMessages(changed));
  };
