import type { Queryable } from '../../../platform/db/pool.ts';
import type { FileContext } from '../parse/parse-menu.ts';
import { readKnownCodes, readStoreOf } from './queries.ts';
import { readMenu } from './read-menu.ts';

/** What a menu file is read beside, and the version of the menu that it was read from. */
export interface StoreContext extends FileContext {
  readonly version: number;
}

/** The version is read first: a menu that changes meanwhile is newer than its version says, which whoever writes then finds out. */
export async function readContext(db: Queryable, storeId: string): Promise<StoreContext> {
  const store = await readStoreOf(db, storeId);
  return { ...store, present: await readMenu(db, storeId), known: await readKnownCodes(db, storeId) };
}
