import type { OrderRef } from '../order/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

const KIND = 'ranking-counts';

/**
 * Adds what these orders hold to the counts of their hours, each order once whatever happens: the mark that it was
 * counted and the count are one statement.
 */
export async function countOrders(tx: Queryable, orders: readonly OrderRef[]): Promise<void> {
  if (orders.length === 0) return;
  const ids = orders.map((order) => order.id).sort();
  await tx.query(
    // In steps that the planner must not turn round, for the reason that `makeTickets` gives.
    `WITH placed AS MATERIALIZED (
       SELECT o.store_id, o.id, o.placed_at FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id) CROSS JOIN LATERAL (
         SELECT * FROM orders o
         WHERE o.store_id = k.store_id AND o.id = k.id AND o.id BETWEEN $3::uuid AND $4::uuid OFFSET 0) o
     ), marked AS (
       INSERT INTO effect_done (store_id, order_id, kind)
       SELECT store_id, id, '${KIND}' FROM placed ORDER BY store_id, id
       ON CONFLICT DO NOTHING RETURNING store_id, order_id
     )
     INSERT INTO ranking_hour (store_id, hour, item_id, quantity)
     SELECT m.store_id, date_trunc('hour', p.placed_at, 'UTC') AS hour, l.item_id, sum(l.quantity)
     FROM marked m JOIN placed p ON p.store_id = m.store_id AND p.id = m.order_id
     JOIN order_line l ON l.store_id = m.store_id AND l.order_id = m.order_id AND l.order_id BETWEEN $3::uuid AND $4::uuid
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
     ON CONFLICT (store_id, hour, item_id) DO UPDATE SET quantity = ranking_hour.quantity + excluded.quantity`,
    [orders.map((order) => order.storeId), orders.map((order) => order.id), ids[0], ids.at(-1)],
    // Not prepared, for the reason that `makeTickets` gives.
  );
}

/** Takes a cancelled order out of the counts; one that was not counted yet never will be. */
export async function uncountOrder(tx: Queryable, { storeId, id }: OrderRef): Promise<void> {
  const { rowCount } = await tx.query(
    `INSERT INTO effect_done (store_id, order_id, kind) VALUES ($1, $2, '${KIND}') ON CONFLICT DO NOTHING`,
    [storeId, id],
    'mark-uncounted',
  );
  if (rowCount === 1) return;
  await tx.query(
    // The rows are locked in the order in which counting writes them: the two meet, and must not deadlock.
    `WITH sold AS (
       SELECT date_trunc('hour', o.placed_at, 'UTC') AS hour, l.item_id, sum(l.quantity)::int AS quantity
       FROM orders o JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id AND l.order_id = $2
       WHERE o.store_id = $1 AND o.id = $2 GROUP BY 1, 2
     ), locked AS (
       SELECT r.hour, r.item_id FROM ranking_hour r JOIN sold s ON r.hour = s.hour AND r.item_id = s.item_id
       WHERE r.store_id = $1 ORDER BY r.hour, r.item_id FOR UPDATE OF r
     )
     UPDATE ranking_hour r SET quantity = r.quantity - s.quantity FROM sold s JOIN locked USING (hour, item_id)
     WHERE r.store_id = $1 AND r.hour = s.hour AND r.item_id = s.item_id`,
    [storeId, id],
    'uncount-order',
  );
}
