import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';

/** Orders that wait for their money until then, in the transaction that takes them. */
export async function insertHolds(tx: Queryable, orders: readonly OrderRef[], until: Date): Promise<void> {
  await tx.query(
    `INSERT INTO payment_hold (store_id, order_id, until) SELECT s, o, $3 FROM unnest($1::uuid[], $2::uuid[]) AS k (s, o)`,
    [orders.map(({ storeId }) => storeId), orders.map(({ id }) => id), until],
    'insert-holds',
  );
}

/** Ends an order's waiting, under its store's lock. @returns whether it waited */
export async function dropHold(tx: Queryable, { storeId, id }: OrderRef): Promise<boolean> {
  const { rowCount } = await tx.query(
    'DELETE FROM payment_hold WHERE store_id = $1 AND order_id = $2',
    [storeId, id],
    'drop-hold',
  );
  return rowCount === 1;
}

/** Until when an order waits for its money; undefined: it does not. */
export async function holdOf(db: Queryable, { storeId, id }: OrderRef): Promise<Date | undefined> {
  const { rows } = await db.query<{ until: Date }>(
    'SELECT until FROM payment_hold WHERE store_id = $1 AND order_id = $2',
    [storeId, id],
    'hold-of',
  );
  return rows[0]?.until;
}

/** Orders whose time is over, the oldest first. */
export async function holdsOver(
  db: Queryable,
  now: Date,
  limit: number,
): Promise<(OrderRef & { readonly until: Date })[]> {
  const { rows } = await db.query<OrderRef & { until: Date }>(
    'SELECT store_id AS "storeId", order_id AS id, until FROM payment_hold WHERE until <= $1 ORDER BY until LIMIT $2',
    [now, limit],
  );
  return rows;
}
