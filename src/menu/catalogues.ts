import { LRUCache } from 'lru-cache';
import { ORDER_FIELD_NAMES } from '../contract/index.ts';
import { andOnly } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { type Catalogue, type CatalogueRow, toCatalogue } from './catalogue.ts';
import { fieldMembers } from './dish-fields.ts';

/** What orders are priced from. The order intake names the version that it holds locked, so a kept one is never wrong. */
export interface Catalogues {
  /** The one that was read last, which may be of an older version than the store's. */
  kept(storeId: string): Catalogue | undefined;
  /** Reads all of them by one statement and keeps them; a store that is not there is not in the answer. */
  load(on: Queryable, storeIds: readonly string[]): Promise<ReadonlyMap<string, Catalogue>>;
}

/** @param keptMax stores, of about 50 KiB each; 0 with `CACHE=off`: every group of orders reads its prices again */
export function createCatalogues(keptMax: number): Catalogues {
  const kept = keptMax === 0 ? undefined : new LRUCache<string, Catalogue>({ max: keptMax });
  return {
    kept: (storeId) => kept?.get(storeId),
    async load(on, storeIds) {
      const loaded = new Map<string, Catalogue>();
      if (storeIds.length === 0) return loaded;
      for (const row of await readCatalogues(on, storeIds)) {
        const catalogue = toCatalogue(row);
        loaded.set(row.store_id, catalogue);
        kept?.set(row.store_id, catalogue);
      }
      return loaded;
    },
  };
}

const FIELDS = fieldMembers(ORDER_FIELD_NAMES);

/** One statement, so that a store's version and its prices belong together. */
async function readCatalogues(on: Queryable, storeIds: readonly string[]): Promise<(CatalogueRow & StoreRow)[]> {
  const { rows } = await on.query<CatalogueRow & StoreRow>(
    `SELECT h.store_id, h.menu_version,
       (SELECT json_agg(json_build_object('id', i.id, 'ko', i.name_ko, 'en', i.name_en, 'price', i.price,
          'sold_out', i.sold_out, 'station', i.station, ${FIELDS}'hours', coalesce(i.hours, c.hours)) ORDER BY i.position, i.id)
        FROM item i LEFT JOIN category c ON c.store_id = i.store_id AND c.id = i.category_id${andOnly(on, 'c')}
        WHERE i.store_id = h.store_id AND NOT i.archived${andOnly(on, 'i')}) AS items,
       (SELECT json_agg(json_build_object('id', g.id, 'item', g.item_id, 'ko', g.name_ko, 'en', g.name_en,
          'min', g.min, 'max', g.max) ORDER BY g.position, g.id)
        FROM option_group g WHERE g.store_id = h.store_id AND NOT g.archived${andOnly(on, 'g')}) AS groups,
       (SELECT json_agg(json_build_object('id', o.id, 'group', o.group_id, 'ko', o.name_ko, 'en', o.name_en,
          'price', o.price, 'sold_out', o.sold_out) ORDER BY o.position, o.id)
        FROM item_option o WHERE o.store_id = h.store_id AND NOT o.archived${andOnly(on, 'o')}) AS options
     FROM store_head h WHERE h.store_id = ANY($1::uuid[])`,
    [storeIds],
    'catalogues',
  );
  return rows;
}

interface StoreRow {
  readonly store_id: string;
}
