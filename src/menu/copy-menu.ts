import type { Queryable } from '../platform/db/pool.ts';
import { readMenu } from './file/apply/read-menu.ts';
import { importMenu } from './file/index.ts';

/** Gives a store the menu that another has: dishes, options, prices, limits; not what is sold out or used up today. */
export async function copyMenu(tx: Queryable, fromStoreId: string, toStoreId: string): Promise<void> {
  const rows = (await readMenu(tx, fromStoreId)).map((row) =>
    row.values.sold_out === undefined ? row : { ...row, values: { ...row.values, sold_out: false } },
  );
  if (rows.length > 0) await importMenu(tx, toStoreId, { partial: false, rows });
}
