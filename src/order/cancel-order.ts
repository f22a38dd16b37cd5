import type { CancelReason, OrderStatus, OrderView } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Announcer, LockStores, OrderJobs, OrderRef, Store } from './ports.ts';
import { lockOrder, setOrderStatus } from './progress.ts';
import { readOrder } from './read-orders.ts';

export interface CancelOrderDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly orderJobs: OrderJobs;
  readonly announcer: Announcer;
  /** Whether the kitchen has begun it in a way that its status does not say: on paper. */
  readonly isBegun: (tx: Queryable, order: OrderRef) => Promise<boolean>;
  readonly now: Clock;
}

/** What the shop says beside a cancel. */
export interface CancelWords {
  readonly returnPortions?: boolean | undefined;
  readonly reason?: CancelReason | undefined;
  /** Asked under the store's lock: false leaves the order as it is. */
  readonly only?: (tx: Queryable) => Promise<boolean>;
}

/** A guest may take back what nobody has begun; the shop may take back what has not been handed over. */
const CANCELLABLE: Record<'guest' | 'staff', ReadonlySet<OrderStatus>> = {
  guest: new Set(['placed']),
  staff: new Set(['placed', 'cooking', 'ready']),
};

/**
 * Cancels an order, once, whatever races it: the store's lock comes first, as for every writer of stock, then the order's.
 * Cancelling what is cancelled answers the same again, and neither returns portions again nor takes them back.
 * @param returnPortions whether its portions can be sold again; unset: what nobody has begun can, what is cooked is waste
 * @param reason told to the guest; of a shop's cancel only
 * @throws Problem `not-found`, `not-cancellable`
 */
export function createCancelOrder({ db, lockStores, orderJobs, announcer, isBegun, now }: CancelOrderDeps) {
  return (
    store: Store,
    id: string,
    by: 'guest' | 'staff',
    { returnPortions, reason, only }: CancelWords = {},
  ): Promise<OrderView> =>
    db.transaction(async (tx) => {
      const ref: OrderRef = { storeId: store.id, id };
      await lockStores(tx, [store.id]);
      const order = await lockOrder(tx, ref);
      if (!order) throw new Problem('not-found', { detail: 'There is no such order.' });
      if (order.status !== 'cancelled' && (!only || (await only(tx)))) {
        if (!CANCELLABLE[by].has(order.status)) {
          throw new Problem('not-cancellable', {
            detail: `It is ${order.status} already.`,
            extra: { orderStatus: order.status },
          });
        }
        if (by === 'guest' && (await isBegun(tx, ref))) {
          throw new Problem('not-cancellable', {
            detail: 'The kitchen has it on paper already.',
            extra: { orderStatus: order.status },
          });
        }
        const nowMs = now();
        const portionsReturned = returnPortions ?? order.status === 'placed';
        await setOrderStatus(tx, order, 'cancelled', nowMs, announcer, {
          portionsReturned,
          ...(reason && { reason }),
        });
        const back = portionsReturned ? await returnStock(tx, ref, order.day) : [];
        await orderJobs.orderCancelled(tx, ref);
        await announcer.announce(tx, [{ kind: 'menu', storeId: store.id, back }]);
      }
      return (await readOrder(tx, ref))!;
    });
}

/**
 * Takes an order's portions out of what was sold on its day. What it took from a count that is still the dish's is offered again;
 * what it took from another, or from none, is not. A count that a person made by hand outlives the day, and then more is offered.
 * @returns the dishes that were counted
 */
async function returnStock(tx: Queryable, { storeId, id }: OrderRef, day: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE stock s SET
       sold = s.sold - CASE WHEN s.day = $3 THEN l.portions ELSE 0 END,
       offered = s.offered + CASE
         WHEN s.day = $3 THEN CASE WHEN s.count = l.from_count THEN 0 ELSE -l.portions END
         WHEN s.count = l.from_count THEN l.portions ELSE 0 END
     FROM (SELECT item_id, from_count, sum(quantity)::int AS portions FROM order_line
           WHERE store_id = $1 AND order_id = $2 GROUP BY item_id, from_count) l
     WHERE s.store_id = $1 AND s.item_id = l.item_id RETURNING s.item_id AS id`,
    [storeId, id, day],
    'return-stock',
  );
  if (rows.length === 0) return [];
  await tx.query(
    'UPDATE store_head SET stock_version = stock_version + 1 WHERE store_id = $1',
    [storeId],
    'bump-stock-version',
  );
  return [...new Set(rows.map((row) => row.id))];
}
