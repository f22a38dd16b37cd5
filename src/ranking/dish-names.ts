import type { Name } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { idOf, kindOf, type Place } from './ports.ts';

/** A dish that was renamed is called by its old name for at most this long. */
const KEPT_MS = 60_000;
/** 150 bytes each; when there are more all are read again. */
const NAMES_MAX = 20_000;

export type DishNames = (place: Place, itemIds: readonly string[]) => Promise<ReadonlyMap<string, Name>>;

/** What dishes are called, so that a ranking that changes every second does not ask Postgres for its names each time. */
export function createDishNames(db: Queryable): DishNames {
  const kept = new Map<string, { readonly name: Name; readonly readAtMs: number }>();

  async function read(place: Place, itemIds: readonly string[]): Promise<void> {
    const isStore = kindOf(place) === 'store';
    const { rows } = await db.query<{ id: string; ko: string; en: string }>(
      isStore
        ? `SELECT id, name_ko AS ko, name_en AS en FROM item WHERE store_id = $2 AND id = ANY($1::uuid[])`
        : `SELECT i.id, i.name_ko AS ko, i.name_en AS en FROM ranking_dish d
           JOIN item i ON i.store_id = d.store_id AND i.id = d.item_id WHERE d.item_id = ANY($1::uuid[])`,
      isStore ? [itemIds, idOf(place)] : [itemIds],
      isStore ? 'store-dish-names' : 'wide-dish-names',
    );
    if (kept.size + rows.length > NAMES_MAX) kept.clear();
    for (const { id, ko, en } of rows) kept.set(id, { name: { ko, en: en || ko }, readAtMs: performance.now() });
  }

  return async (place, itemIds) => {
    const fresh = (itemId: string) => performance.now() - (kept.get(itemId)?.readAtMs ?? -KEPT_MS) < KEPT_MS;
    const missing = itemIds.filter((itemId) => !fresh(itemId));
    if (missing.length > 0) await read(place, missing);
    return new Map(itemIds.flatMap((id) => (kept.has(id) ? [[id, kept.get(id)!.name] as const] : [])));
  };
}
