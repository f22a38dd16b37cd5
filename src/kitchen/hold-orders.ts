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
export async function holdOrders(tx: Queryable, orders: readonly OrderRef[]): Promise<void> {
  const ids = orders.map((order) => order.id).sort();
  await tx.query(
    `SELECT FROM orders
     WHERE store_id = ANY($1::uuid[]) AND id = ANY($2::uuid[]) AND id BETWEEN $3::uuid AND $4::uuid
     ORDER BY store_id, id FOR SHARE`,
    [[...new Set(orders.map((order) => order.storeId))], ids, ids[0], ids.at(-1)],
    'hold-orders',
  );
}
