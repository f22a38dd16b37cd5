import type { DishAttributeCodes } from '../../../contract/dish-attributes.ts';
import type { Queryable } from '../../../platform/db/pool.ts';
import type { Kind, MenuValues } from '../menu-file.ts';
import type { KnownCode } from '../parse/make-codes.ts';

export interface StoreHead {
  readonly time_zone: string;
  readonly day_starts_hour: number;
  readonly menu_version: number;
}

/** Takes the store's row first, as every writer of a store does. It is made for a store that never had one. */
export async function lockStore(tx: Queryable, storeId: string): Promise<StoreHead | undefined> {
  await tx.query(
    'INSERT INTO store_head (store_id) SELECT id FROM store WHERE id = $1 ON CONFLICT (store_id) DO NOTHING',
    [storeId],
  );
  const { rows } = await tx.query<StoreHead>(
    `SELECT s.time_zone, s.day_starts_hour, h.menu_version
     FROM store_head h JOIN store s ON s.id = h.store_id WHERE h.store_id = $1 FOR UPDATE OF h`,
    [storeId],
  );
  return rows[0];
}

export interface MenuDataRow {
  readonly kind: Kind;
  readonly code: string;
  readonly category: string | null;
  readonly item: string | null;
  readonly group: string | null;
  /** The whole row of its table, by column. */
  readonly has: Readonly<Partial<MenuValues>> & { readonly attributes?: DishAttributeCodes };
}

/** The menu in reading order: each row follows what it belongs to. */
export async function readMenuRows(db: Queryable, storeId: string): Promise<MenuDataRow[]> {
  const { rows } = await db.query<MenuDataRow>(
    `WITH c AS (SELECT c.*, ARRAY[row_number() OVER (ORDER BY c.position, c.id)] AS place
             FROM category c WHERE c.store_id = $1 AND NOT c.archived),
       i AS (SELECT i.*, c.code AS category, c.place || row_number() OVER (ORDER BY i.position, i.id) AS place
             FROM item i JOIN c ON c.id = i.category_id WHERE i.store_id = $1 AND NOT i.archived),
       g AS (SELECT g.*, i.code AS item, i.place || row_number() OVER (ORDER BY g.position, g.id) AS place
             FROM option_group g JOIN i ON i.id = g.item_id WHERE g.store_id = $1 AND NOT g.archived),
       o AS (SELECT o.*, g.item, g.code AS "group", g.place || row_number() OVER (ORDER BY o.position, o.id) AS place
             FROM item_option o JOIN g ON g.id = o.group_id WHERE o.store_id = $1 AND NOT o.archived)
     SELECT 'category' AS kind, code, NULL AS category, NULL AS item, NULL AS "group", row_to_json(c) AS has, place FROM c
     UNION ALL SELECT 'item', code, category, NULL, NULL, row_to_json(i), place FROM i
     UNION ALL SELECT 'group', code, NULL, item, NULL, row_to_json(g), place FROM g
     UNION ALL SELECT 'option', code, NULL, item, "group", row_to_json(o), place FROM o
     ORDER BY place`,
    [storeId],
  );
  return rows;
}

/** @returns the menu's version: orders priced under an older one are refused */
export async function raiseVersions(
  tx: Queryable,
  storeId: string,
  menuChanged: boolean,
  stockChanged: boolean,
): Promise<number> {
  const { rows } = await tx.query<{ menu_version: number }>(
    `UPDATE store_head SET menu_version = menu_version + $2::int, stock_version = stock_version + $3::int
     WHERE store_id = $1 RETURNING menu_version`,
    [storeId, menuChanged ? 1 : 0, stockChanged ? 1 : 0],
  );
  return rows[0]!.menu_version;
}

/** The currency of a file's prices, and the version that the menu has. @throws Error when there is no such store */
export async function readStoreOf(db: Queryable, storeId: string): Promise<{ currency: string; version: number }> {
  const { rows } = await db.query<{ currency: string; version: number }>(
    `SELECT s.currency, coalesce(h.menu_version, 1) AS version FROM store s LEFT JOIN store_head h ON h.store_id = s.id
     WHERE s.id = $1`,
    [storeId],
  );
  if (!rows[0]) throw new Error(`There is no store with the id ${storeId}.`);
  return rows[0];
}

/** All rows that a store has or had, those on the menu first and in its order. */
export async function readKnownCodes(db: Queryable, storeId: string): Promise<KnownCode[]> {
  const { rows } = await db.query<KnownCode>(
    `SELECT kind, code, item, "group", name_ko FROM (
       SELECT 'category' AS kind, code, NULL AS item, NULL AS "group", name_ko, archived, position, id
       FROM category WHERE store_id = $1
       UNION ALL SELECT 'item', code, NULL, NULL, name_ko, archived, position, id FROM item WHERE store_id = $1
       UNION ALL SELECT 'group', g.code, i.code, NULL, g.name_ko, g.archived OR i.archived, g.position, g.id
       FROM option_group g JOIN item i ON i.store_id = $1 AND i.id = g.item_id WHERE g.store_id = $1
       UNION ALL SELECT 'option', o.code, i.code, g.code, o.name_ko, o.archived OR g.archived OR i.archived, o.position, o.id
       FROM item_option o JOIN option_group g ON g.store_id = $1 AND g.id = o.group_id
       JOIN item i ON i.store_id = $1 AND i.id = g.item_id WHERE o.store_id = $1
     ) AS known ORDER BY archived, position, id`,
    [storeId],
  );
  return rows;
}
