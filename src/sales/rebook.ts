import type { Queryable } from '../platform/db/pool.ts';
import { addFigures } from './books.ts';
import { readFigures } from './figures.ts';
import type { OrderRef } from './ports.ts';

/**
 * Changes what an order holds, and the books with it: as far as it is posted it is taken out as it was and put in as it is now, in the same
 * transaction; what is still due is posted as it is by then. The caller holds the lock of the books (`lockBooks`), so nothing is posted in
 * between.
 */
export async function rebook(tx: Queryable, { storeId, id }: OrderRef, change: () => Promise<void>): Promise<void> {
  const weight = 1 - (await dueOf(tx, { storeId, id }));
  const figures = (sign: number) => (weight === 0 ? [] : readFigures(tx, [{ storeId, id, weight: sign * weight }]));
  const before = await figures(-1);
  await change();
  await addFigures(tx, before);
  await addFigures(tx, await figures(1));
}

/** What of an order that is not cancelled is still to be posted: 1, or 0 once it is. */
async function dueOf(tx: Queryable, { storeId, id }: OrderRef): Promise<number> {
  const { rows } = await tx.query<{ weight: number }>(
    'SELECT coalesce(sum(weight), 0)::int AS weight FROM sales_due WHERE store_id = $1 AND order_id = $2',
    [storeId, id],
    'sales-due-of-order',
  );
  return rows[0]!.weight;
}
