import type { Queryable } from '../platform/db/pool.ts';

/**
 * Gives orders of one store another table. Whoever makes or moves their tickets holds them meanwhile, so a ticket has the table that its
 * order has: they are locked first, in the order of their ids, by a statement of its own (ADR 9).
 */
export async function changeTable(
  tx: Queryable,
  storeId: string,
  orderIds: readonly string[],
  table: string,
): Promise<void> {
  if (orderIds.length === 0) return;
  const ids = [...orderIds].sort();
  await tx.query(
    `SELECT FROM orders WHERE store_id = $1 AND id = ANY($2::uuid[]) AND id BETWEEN $3::uuid AND $4::uuid
     ORDER BY id FOR UPDATE`,
    [storeId, ids, ids[0], ids.at(-1)],
    'hold-moved-orders',
  );
  await tx.query(
    `UPDATE orders SET table_label = $5 WHERE store_id = $1 AND id = ANY($2::uuid[]) AND id BETWEEN $3::uuid AND $4::uuid`,
    [storeId, ids, ids[0], ids.at(-1), table],
    'change-table-of-orders',
  );
}
