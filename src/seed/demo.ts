import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { importMenu, type MenuFile, parseMenu } from '../menu/file/index.ts';
import type { Db } from '../platform/db/pool.ts';
import { newId } from '../platform/id.ts';
import { createBrand, createStore, type NewStore } from './create-store.ts';

/** `demo/franchise.json`; `menu` and `prices` are menu files beside it. */
interface Franchise {
  readonly brand: { readonly slug: string; readonly name: { readonly ko: string; readonly en: string } };
  readonly menu: string;
  readonly stores: readonly (NewStore & { readonly prices: string })[];
}

const DEMO = new URL('../../demo/', import.meta.url);
const read = (path: string) => readFile(fileURLToPath(new URL(path, DEMO)));

export const readDemoMenu = async (path = 'menu.csv'): Promise<MenuFile> =>
  parseMenu(await read(path), { format: 'csv', partial: false });

/**
 * Makes the demo franchise, each store whole or not at all. Does nothing for a store that exists already, and nothing
 * at all beside somebody's own brand, so it may run at every start and in several processes at once.
 * @returns the slugs of the stores that this call made
 */
export async function importDemo(db: Db, { nowMs = Date.now() }: { nowMs?: number } = {}): Promise<string[]> {
  const franchise: Franchise = JSON.parse((await read('franchise.json')).toString());
  const { rows: others } = await db.query('SELECT FROM brand WHERE slug <> $1 LIMIT 1', [franchise.brand.slug]);
  if (others.length > 0) return [];
  const menu = await readDemoMenu(franchise.menu);
  const brandId = await createBrand(db, { id: newId(nowMs), ...franchise.brand });
  const made: string[] = [];
  for (const store of franchise.stores) {
    const prices = parseMenu(await read(store.prices), { format: 'csv', partial: true });
    await db.transaction(async (tx) => {
      const id = newId(nowMs);
      if (!(await createStore(tx, brandId, { id, ...store }, nowMs))) return;
      await importMenu(tx, id, menu, { nowMs });
      await importMenu(tx, id, prices, { nowMs });
      made.push(store.slug);
    });
  }
  // Fresh tables have no statistics, and until they have, each line of an order looks through the whole menu.
  if (made.length > 0) await db.query('ANALYZE category, item, option_group, item_option');
  return made;
}
