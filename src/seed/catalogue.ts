import type { Queryable } from '../platform/db/pool.ts';

/** What the seeded stores sell. They share one menu; only the ids differ. */
export interface SeedCatalogue {
  readonly items: readonly SeedItem[];
  /** How many options there are over all items. */
  readonly optionCount: number;
}

export interface SeedItem {
  readonly price: number;
  readonly station: string;
  readonly name: { readonly ko: string; readonly en: string };
  readonly groups: readonly SeedGroup[];
}

export interface SeedGroup {
  readonly min: number;
  readonly max: number;
  readonly options: readonly {
    /** The option's place in `StoreIds.optionIds`. */
    readonly place: number;
    readonly name: { readonly ko: string; readonly en: string };
    readonly price: number;
    /** How its JSON ends, behind the id. */
    readonly jsonEnd: Buffer;
  }[];
}

/** One store's ids, packed: with thousands of stores an object for each would fill the memory. */
export interface StoreIds {
  readonly text: string;
  readonly id: Buffer;
  /** 16 bytes an item, in the catalogue's order. */
  readonly itemIds: Buffer;
  /** 36 characters an option. */
  readonly optionIds: Buffer;
}

const ITEMS = 'SELECT id FROM item WHERE store_id = $1 ORDER BY code';
const OPTIONS = `SELECT o.id FROM item i JOIN option_group g ON g.store_id = $1 AND g.item_id = i.id
  JOIN item_option o ON o.store_id = $1 AND o.group_id = g.id WHERE i.store_id = $1 ORDER BY i.code, g.code, o.code`;

export async function readStoreIds(db: Queryable, storeId: string): Promise<StoreIds> {
  const items = (await db.query<{ id: string }>(ITEMS, [storeId], 'seed-items')).rows;
  const options = (await db.query<{ id: string }>(OPTIONS, [storeId], 'seed-options')).rows;
  return {
    text: storeId,
    id: uuidBytes([storeId]),
    itemIds: uuidBytes(items.map((item) => item.id)),
    optionIds: Buffer.from(options.map((option) => option.id).join(''), 'latin1'),
  };
}

const uuidBytes = (ids: readonly string[]): Buffer => Buffer.from(ids.join('').replaceAll('-', ''), 'hex');

interface ItemRow {
  readonly price: number;
  readonly station: string;
  readonly ko: string;
  readonly en: string;
  readonly groups:
    | readonly { min: number; max: number; options: readonly { ko: string; en: string; price: number }[] }[]
    | null;
}

/** Reads the menu back as it was stored, in the same order as the ids. */
export async function readSeedCatalogue(db: Queryable, storeId: string): Promise<SeedCatalogue> {
  const { rows } = await db.query<ItemRow>(
    `SELECT i.price, i.station, i.name_ko AS ko, i.name_en AS en,
       (SELECT json_agg(json_build_object('min', g.min, 'max', g.max, 'options',
          (SELECT json_agg(json_build_object('ko', o.name_ko, 'en', o.name_en, 'price', o.price) ORDER BY o.code)
           FROM item_option o WHERE o.store_id = $1 AND o.group_id = g.id)) ORDER BY g.code)
        FROM option_group g WHERE g.store_id = $1 AND g.item_id = i.id) AS groups
     FROM item i WHERE i.store_id = $1 ORDER BY i.code`,
    [storeId],
  );
  let place = 0;
  const items = rows.map(({ price, station, ko, en, groups }) => ({
    price,
    station,
    name: { ko, en },
    groups: (groups ?? []).map(({ min, max, options }) => ({
      min,
      max,
      options: options.map((option) => ({
        place: place++,
        name: { ko: option.ko, en: option.en },
        price: option.price,
        jsonEnd: Buffer.from(`","price":${option.price}}`),
      })),
    })),
  }));
  return { items, optionCount: place };
}
