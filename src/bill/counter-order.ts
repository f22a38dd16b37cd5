import type { Queryable } from '../platform/db/pool.ts';
import type { CounterOrder } from './change-bill.ts';
import type { OrderRef } from './ports.ts';

/** An order at the counter, as its bill begins. @returns undefined when there is no such order, or it is a table's */
export async function findCounterOrder(db: Queryable, { storeId, id }: OrderRef): Promise<CounterOrder | undefined> {
  const { rows } = await db.query<CounterOrder>(
    `SELECT o.placed_at AS "placedAt", o.status = 'cancelled' AS "isCancelled", o.total,
       (SELECT coalesce(sum(quantity), 0)::int FROM order_line WHERE store_id = $1 AND order_id = $2) AS portions
     FROM orders o WHERE o.store_id = $1 AND o.id = $2 AND o.table_label IS NULL`,
    [storeId, id],
    'counter-order',
  );
  return rows[0];
}
