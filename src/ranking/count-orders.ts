import { byStore, type Only } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { CountChange, HourCount, OrderRef } from './ports.ts';

const KIND = 'ranking-counts';

/** A count's hour as `hourOf` writes it. */
const HOUR_NUMBER = 'extract(epoch FROM hour)::bigint / 3600';

interface Counted {
  readonly id: string;
  readonly seq: number;
  readonly hour: number;
  readonly itemId: string;
  readonly portions: number;
}

/**
 * Adds what these orders hold to the counts of their hours, each order once whatever happens: the mark that it was
 * counted and the count are one statement.
 * @returns one change a store
 */
export async function countOrders(tx: Queryable, orders: readonly OrderRef[]): Promise<CountChange[]> {
  if (orders.length === 0) return [];
  return toChanges('store', await byStore(tx, orders, (some, only) => countSome(tx, some, only)));
}

async function countSome(tx: Queryable, orders: readonly OrderRef[], only: Only): Promise<Counted[]> {
  const ids = orders.map((order) => order.id).sort();
  const { rows } = await tx.query<Counted>(
    // In steps that the planner must not turn round, for the reason that `makeTickets` gives. The head's row is locked before the
    // counts, so that the changes of a store have an order and that of their numbers is that of their commits.
    `WITH placed AS MATERIALIZED (
       SELECT o.store_id, o.id, o.placed_at FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id) CROSS JOIN LATERAL (
         SELECT * FROM orders o
         WHERE o.store_id = k.store_id AND ${only('o')} AND o.id = k.id AND o.id BETWEEN $3::uuid AND $4::uuid OFFSET 0) o
     ), marked AS (
       INSERT INTO effect_done (store_id, order_id, kind)
       SELECT store_id, id, '${KIND}' FROM placed ORDER BY store_id, id
       ON CONFLICT DO NOTHING RETURNING store_id, order_id
     ), sold AS MATERIALIZED (
       SELECT m.store_id, date_trunc('hour', p.placed_at, 'UTC') AS hour, l.item_id, sum(l.quantity)::int AS quantity
       FROM marked m JOIN placed p ON p.store_id = m.store_id AND p.id = m.order_id
       CROSS JOIN LATERAL (
         SELECT * FROM order_line l
         WHERE l.store_id = m.store_id AND ${only('l')} AND l.order_id = m.order_id AND l.order_id BETWEEN $3::uuid AND $4::uuid OFFSET 0) l
       GROUP BY 1, 2, 3
     ), heads AS (
       INSERT INTO ranking_head (store_id, seq) SELECT DISTINCT store_id, 1 FROM sold ORDER BY 1
       ON CONFLICT (store_id) DO UPDATE SET seq = ranking_head.seq + 1 RETURNING store_id, seq
     ), counted AS (
       INSERT INTO ranking_hour (store_id, hour, item_id, quantity, seq)
       SELECT s.store_id, s.hour, s.item_id, s.quantity, h.seq FROM sold s JOIN heads h ON h.store_id = s.store_id
       ORDER BY 1, 2, 3
       ON CONFLICT (store_id, hour, item_id)
       DO UPDATE SET quantity = ranking_hour.quantity + excluded.quantity, seq = excluded.seq
     )
     SELECT s.store_id AS id, h.seq, ${HOUR_NUMBER} AS hour, s.item_id AS "itemId", s.quantity AS portions
     FROM sold s JOIN heads h ON h.store_id = s.store_id`,
    [orders.map((order) => order.storeId), orders.map((order) => order.id), ids[0], ids.at(-1)],
    // Not prepared, for the reason that `makeTickets` gives.
  );
  return rows;
}

/** Takes a cancelled order out of the counts; one that was not counted yet never will be. */
export async function uncountOrder(tx: Queryable, { storeId, id }: OrderRef): Promise<CountChange[]> {
  const { rowCount } = await tx.query(
    `INSERT INTO effect_done (store_id, order_id, kind) VALUES ($1, $2, '${KIND}') ON CONFLICT DO NOTHING`,
    [storeId, id],
    'mark-uncounted',
  );
  if (rowCount === 1) return [];
  const { rows } = await tx.query<Counted>(
    `WITH sold AS MATERIALIZED (
       SELECT date_trunc('hour', o.placed_at, 'UTC') AS hour, l.item_id, sum(l.quantity)::int AS quantity
       FROM orders o JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id AND l.order_id = $2
       WHERE o.store_id = $1 AND o.id = $2 GROUP BY 1, 2
     ), head AS (
       INSERT INTO ranking_head (store_id, seq) VALUES ($1, 1)
       ON CONFLICT (store_id) DO UPDATE SET seq = ranking_head.seq + 1 RETURNING seq
     ), counted AS (
       UPDATE ranking_hour r SET quantity = r.quantity - s.quantity, seq = h.seq FROM sold s CROSS JOIN head h
       WHERE r.store_id = $1 AND r.hour = s.hour AND r.item_id = s.item_id
     )
     SELECT $1::uuid AS id, h.seq, ${HOUR_NUMBER} AS hour, s.item_id AS "itemId", -s.quantity AS portions
     FROM sold s CROSS JOIN head h`,
    [storeId, id],
    'uncount-order',
  );
  return toChanges('store', rows);
}

/**
 * Takes portions of a dish out of the count of an order that has fewer by now. One that was not counted yet is counted now, as it is.
 */
export async function countFewer(
  tx: Queryable,
  order: OrderRef,
  { itemId, portions }: { readonly itemId: string; readonly portions: number },
): Promise<CountChange[]> {
  const counted = await countOrders(tx, [order]);
  if (counted.length > 0) return counted;
  const { rows } = await tx.query<Counted>(
    `WITH placed AS MATERIALIZED (
       SELECT date_trunc('hour', placed_at, 'UTC') AS hour FROM orders WHERE store_id = $1 AND id = $2
     ), head AS (
       INSERT INTO ranking_head (store_id, seq) VALUES ($1, 1)
       ON CONFLICT (store_id) DO UPDATE SET seq = ranking_head.seq + 1 RETURNING seq
     ), counted AS (
       UPDATE ranking_hour r SET quantity = r.quantity - $4, seq = h.seq FROM placed p CROSS JOIN head h
       WHERE r.store_id = $1 AND r.hour = p.hour AND r.item_id = $3
     )
     SELECT $1::uuid AS id, h.seq, ${HOUR_NUMBER} AS hour, $3::uuid AS "itemId", -$4::int AS portions
     FROM placed p CROSS JOIN head h`,
    [order.storeId, order.id, itemId, portions],
    'count-fewer',
  );
  return toChanges('store', rows);
}

/** @param kind what the ids are of */
export function toChanges(kind: 'store' | 'wide', rows: readonly Counted[]): CountChange[] {
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, counted]) => ({
    place: `${kind}/${id}`,
    seq: counted[0]!.seq,
    counts: counted.map(({ hour, itemId, portions }): HourCount => [hour, itemId, portions]),
  }));
}

export { type Counted, HOUR_NUMBER };
