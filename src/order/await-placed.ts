import type { Queryable } from '../platform/db/pool.ts';
import type { LockStores, OrderRef } from './ports.ts';

/** Makes sure, first in its transaction, that a job sees the orders that it was put into the queue with. */
export type AwaitPlaced = (tx: Queryable, orders: readonly OrderRef[]) => Promise<void>;

/**
 * For stores that are spread over machines. Where a group of orders lies on several, the coordinator commits first, its job queue with it, and
 * tells the others then: for that moment a job is there and its orders are not. Each was taken under its store's lock, which its machine
 * keeps for that long, so whoever misses one waits for the lock and sees it.
 * @throws the database's error 55P03 when that takes longer than the connection's lock time-out: the job is tried again
 */
export function createAwaitPlaced(lockStores: LockStores): AwaitPlaced {
  return async (tx, orders) => {
    const stores = Map.groupBy(orders, ({ storeId }) => storeId);
    const missing: string[] = [];
    await Promise.all(
      [...stores].map(async ([storeId, of]) => {
        if ((await countPlaced(tx, storeId, of)) < of.length) missing.push(storeId);
      }),
    );
    if (missing.length > 0) await lockStores(tx, missing);
  };
}

async function countPlaced(tx: Queryable, storeId: string, orders: readonly OrderRef[]): Promise<number> {
  const ids = orders.map(({ id }) => id).sort();
  const { rows } = await tx.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM orders
     WHERE store_id = $1 AND id = ANY($2::uuid[]) AND id BETWEEN $3::uuid AND $4::uuid`,
    [storeId, ids, ids[0], ids.at(-1)],
    'count-placed',
  );
  return rows[0]!.found;
}
