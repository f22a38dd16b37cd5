import type { SalesTimes } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

const seconds = (from: string, to: string) => `extract(epoch FROM ${to} - ${from})::float8`;
const spread = (name: string, from: string, to: string) =>
  [0.5, 0.9]
    .map((share) => `percentile_cont(${share}) WITHIN GROUP (ORDER BY ${seconds(from, to)}) AS ${name}_${share * 10}`)
    .join(', ');

/**
 * How long guests waited on a store's business day, from what the orders' events say. An order that was called ready without having
 * been called cooking counts for the whole only. The bounds of the ids hold a day in any time zone, so that few partitions are read.
 */
export async function readTimes(db: Queryable, storeId: string, day: string, ordersMax: number): Promise<SalesTimes> {
  const { rows } = await db.query<Record<string, number | null>>(
    `WITH o AS (
       SELECT id, placed_at, promised_at FROM orders
       WHERE store_id = $1 AND day = $2 AND status IN ('ready', 'served')
         AND id BETWEEN uuid_v7_floor($2::date::timestamp - interval '2 days') AND uuid_v7_floor($2::date::timestamp + interval '4 days')
       ORDER BY id DESC LIMIT $3
     ), e AS (
       SELECT order_id, min(at) FILTER (WHERE status = 'cooking') AS cooking, min(at) FILTER (WHERE status = 'ready') AS ready
       FROM order_event
       WHERE store_id = $1 AND order_id IN (SELECT id FROM o)
         AND order_id BETWEEN uuid_v7_floor($2::date::timestamp - interval '2 days')
           AND uuid_v7_floor($2::date::timestamp + interval '4 days')
       GROUP BY order_id
     )
     SELECT count(*)::int AS orders, count(*) FILTER (WHERE e.ready > o.promised_at)::int AS late,
       ${spread('waiting', 'o.placed_at', 'e.cooking')}, ${spread('cooking', 'e.cooking', 'e.ready')},
       ${spread('whole', 'o.placed_at', 'e.ready')}
     FROM o JOIN e ON e.order_id = o.id WHERE e.ready IS NOT NULL`,
    [storeId, day, ordersMax],
    'sales-times',
  );
  const row = rows[0]!;
  // Clocks of two machines may be apart by more than an order took.
  const atLeastNone = (value: number | null | undefined) =>
    value === null || value === undefined ? null : Math.max(0, value);
  const of = (name: string) => ({ median: atLeastNone(row[`${name}_5`]), p90: atLeastNone(row[`${name}_9`]) });
  return {
    day,
    orders: row.orders!,
    late: row.late!,
    waiting: of('waiting'),
    cooking: of('cooking'),
    whole: of('whole'),
  };
}
