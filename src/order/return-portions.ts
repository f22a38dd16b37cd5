import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';

/** What of an order comes back: some portions of a line; unset: all of it. */
export interface Returned {
  readonly line: number;
  readonly portions: number;
}

/**
 * Takes an order's portions out of what was sold on its day. What it took from a count that is still the dish's is offered again;
 * what it took from another, or from none, is not. A count that a person made by hand outlives the day, and then more is offered.
 * Under the store's lock.
 * @returns the dishes that were counted
 */
export async function returnPortions(
  tx: Queryable,
  { storeId, id }: OrderRef,
  day: string,
  some?: Returned,
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE stock s SET
       sold = s.sold - CASE WHEN s.day = $3 THEN l.portions ELSE 0 END,
       offered = s.offered + CASE
         WHEN s.day = $3 THEN CASE WHEN s.count = l.from_count THEN 0 ELSE -l.portions END
         WHEN s.count = l.from_count THEN l.portions ELSE 0 END
     FROM (SELECT item_id, from_count, sum(coalesce($5::int, quantity))::int AS portions FROM order_line
           WHERE store_id = $1 AND order_id = $2 AND ($4::int IS NULL OR line = $4) GROUP BY item_id, from_count) l
     WHERE s.store_id = $1 AND s.item_id = l.item_id RETURNING s.item_id AS id`,
    [storeId, id, day, some?.line ?? null, some?.portions ?? null],
    'return-stock',
  );
  if (rows.length === 0) return [];
  await tx.query(
    'UPDATE store_head SET stock_version = stock_version + 1 WHERE store_id = $1',
    [storeId],
    'bump-stock-version',
  );
  return [...new Set(rows.map((row) => row.id))];
}
