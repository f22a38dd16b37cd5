import type { BillMove } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import type { Bill } from '../bills.ts';

/** Of a bill with all that limits let through, several times over; a load test's table may have more, and then its oldest move. */
const ORDERS_MAX = 5_000;

export interface NewMove {
  readonly storeId: string;
  readonly id: string;
  readonly billId: string;
  readonly kind: BillMove['kind'];
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly at: Date;
}

export async function insertMove(tx: Queryable, move: NewMove): Promise<void> {
  await tx.query(
    `INSERT INTO bill_move (store_id, id, bill_id, kind, from_table, to_table, by_whom, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [move.storeId, move.id, move.billId, move.kind, move.from, move.to, move.by, move.at],
    'insert-bill-move',
  );
}

/** In the order in which they were made. */
export async function movesOf(db: Queryable, storeId: string, billId: string): Promise<BillMove[]> {
  const { rows } = await db.query<Omit<BillMove, 'at'> & { at: Date }>(
    `SELECT kind, from_table AS "from", to_table AS "to", by_whom AS by, at FROM bill_move
     WHERE store_id = $1 AND bill_id = $2 ORDER BY id`,
    [storeId, billId],
    'moves-of-bill',
  );
  return rows.map(({ at, ...move }) => ({ ...move, at: at.toISOString() }));
}

/** The row that holds a table gets another; what the bill is, stays. Under the store's lock. */
export async function writeTable(tx: Queryable, storeId: string, id: string, table: string): Promise<void> {
  await tx.query(
    'UPDATE bill SET table_label = $3, version = version + 1 WHERE store_id = $1 AND id = $2',
    [storeId, id, table],
    'write-bill-table',
  );
}

/** What some orders of a bill come to; of those that are cancelled only where they are is known. */
export interface OrdersOfTable {
  readonly ids: readonly string[];
  readonly orders: number;
  readonly portions: number;
  readonly total: number;
}

/** The orders of a bill that were made for one of its tables. */
export async function ordersOfTable(
  tx: Queryable,
  storeId: string,
  billId: string,
  table: string,
): Promise<OrdersOfTable> {
  const { rows } = await tx.query<{ id: string; counts: boolean; total: number; portions: number }>(
    `SELECT o.id, o.status <> 'cancelled' AS counts, o.total,
       (SELECT sum(quantity)::int FROM order_line l WHERE l.store_id = $1 AND l.order_id = o.id) AS portions
     FROM bill_order k JOIN orders o ON o.store_id = k.store_id AND o.id = k.order_id
     WHERE k.store_id = $1 AND k.bill_id = $2 AND o.table_label = $3 ORDER BY o.id LIMIT ${ORDERS_MAX}`,
    [storeId, billId, table],
    'orders-of-table',
  );
  const counted = rows.filter(({ counts }) => counts);
  return {
    ids: rows.map(({ id }) => id),
    orders: counted.length,
    portions: counted.reduce((sum, { portions }) => sum + portions, 0),
    total: counted.reduce((sum, { total }) => sum + total, 0),
  };
}

/** Puts orders from one bill on another, with what they come to; neither asks the staff for more any longer. Under the store's lock. */
export async function putOrders(
  tx: Queryable,
  storeId: string,
  from: string,
  to: string,
  { ids, orders, portions, total }: OrdersOfTable,
): Promise<void> {
  await Promise.all([
    tx.query(
      'UPDATE bill_order SET bill_id = $3 WHERE store_id = $1 AND bill_id = $2 AND order_id = ANY($4::uuid[])',
      [storeId, from, to, ids],
      'put-orders-on-bill',
    ),
    tx.query(
      `UPDATE bill SET orders = orders + CASE WHEN id = $3 THEN $4::int ELSE -$4::int END,
         portions = portions + CASE WHEN id = $3 THEN $5::int ELSE -$5::int END,
         total = total + CASE WHEN id = $3 THEN $6::bigint ELSE -$6::bigint END,
         asked_orders = NULL, asked_portions = NULL, asked_unpaid = NULL, version = version + 1
       WHERE store_id = $1 AND id IN ($2, $3)`,
      [storeId, from, to, orders, portions, total],
      'put-sums-on-bill',
    ),
  ]);
}

/** What a bill that is whole comes to, as {@link putOrders} takes it. */
export async function allOrders(tx: Queryable, { storeId, id, orders, portions, total }: Bill): Promise<OrdersOfTable> {
  const { rows } = await tx.query<{ id: string }>(
    'SELECT order_id AS id FROM bill_order WHERE store_id = $1 AND bill_id = $2',
    [storeId, id],
    'all-orders-of-bill',
  );
  return { ids: rows.map((row) => row.id), orders, portions, total };
}

/** @param into null: the tables stand for themselves again. Under the store's lock */
export async function writeMerged(tx: Queryable, storeId: string, id: string, into: string | null): Promise<void> {
  await tx.query(
    `UPDATE bill SET merged_into = $3 WHERE store_id = $1 AND (id = $2 OR ($3::uuid IS NOT NULL AND merged_into = $2))`,
    [storeId, id, into],
    'write-merged',
  );
}
