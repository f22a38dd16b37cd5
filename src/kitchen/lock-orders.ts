import { lockableTogether } from '../platform/db/citus/lockable-together.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';

/**
 * Locks orders against a cancel until the transaction ends: one either came first and is seen by the next statement, or
 * waits and finds what was made.
 *
 * A statement of its own for two reasons. After a wait the next one sees what was written meanwhile. And a statement
 * that both waits for a row and prunes partitions while it runs brings Postgres 18 down: checking the changed row anew
 * leaves its pruning with freed memory (seen with 18.4; a test races the two).
 */
export async function lockOrders(tx: Queryable, orders: readonly OrderRef[]): Promise<void> {
  const stores = Map.groupBy(orders, ({ storeId }) => storeId);
  await Promise.all(
    lockableTogether(tx, stores.keys()).map((storeIds) => {
      const ids = storeIds.flatMap((storeId) => stores.get(storeId)!.map(({ id }) => id)).sort();
      return tx.query(
        `SELECT FROM orders
         WHERE store_id = ANY($1::uuid[]) AND id = ANY($2::uuid[]) AND id BETWEEN $3::uuid AND $4::uuid
         ORDER BY store_id, id FOR SHARE`,
        [storeIds, ids, ids[0], ids.at(-1)],
        'hold-orders',
      );
    }),
  );
}
