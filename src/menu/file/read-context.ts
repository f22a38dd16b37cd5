import type { Queryable } from '../../platform/db/pool.ts';
import type { FileContext } from './parse-menu.ts';
import { readCurrency, readKnownCodes } from './queries.ts';
import { readMenu } from './read-menu.ts';

/** What a menu file is read beside: the store's menu, its currency, and the codes that it has or had. */
export async function readContext(db: Queryable, storeId: string): Promise<FileContext> {
  return {
    currency: await readCurrency(db, storeId),
    present: await readMenu(db, storeId),
    known: await readKnownCodes(db, storeId),
  };
}
