import type { DishAttributeCodes } from '../../contract/dish-attributes.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { identityOf, type MenuRow, type MenuValues } from './menu-file.ts';

/** One row to write. Its id is used when its code is new. */
export type WriteRow = Partial<MenuValues> & {
  readonly id: string;
  readonly code: string;
  readonly position: number;
  readonly category: string | null;
  readonly item: string | null;
  readonly group: string | null;
  readonly attributes: DishAttributeCodes;
};

/** Each writes one kind, leaves rows alone that are as they should be, and says how many it touched. */
export async function writeCategories(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<number> {
  const { rowCount } = await tx.query(
    `INSERT INTO category AS c (store_id, id, code, position, name_ko, name_en, hours)
     SELECT $1, v.id, v.code, v.position, v.name_ko, v.name_en, v.hours
     FROM jsonb_to_recordset($2::jsonb) AS v (id uuid, code text, position int, name_ko text, name_en text, hours text)
     ON CONFLICT (store_id, code) DO UPDATE SET
       position = excluded.position, name_ko = excluded.name_ko, name_en = excluded.name_en,
       hours = excluded.hours, archived = false
     WHERE (c.position, c.name_ko, c.name_en, c.hours, c.archived)
       IS DISTINCT FROM (excluded.position, excluded.name_ko, excluded.name_en, excluded.hours, false)`,
    [storeId, JSON.stringify(rows)],
  );
  return rowCount;
}

export async function writeItems(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<number> {
  await noteFormer(tx, storeId, rows);
  const { rowCount } = await tx.query(
    `INSERT INTO item AS i (store_id, id, category_id, code, position, name_ko, name_en, description_ko, description_en,
       photo, price, sold_out, allergens, station, daily_limit, origin_ko, origin_en, age_check, hours,
       attributes)
     SELECT $1, v.id, c.id, v.code, v.position, v.name_ko, v.name_en, v.description_ko, v.description_en,
       v.photo, v.price, v.sold_out, v.allergens, v.station, v.daily_limit, v.origin_ko, v.origin_en, v.age_check, v.hours,
       v.attributes
     FROM jsonb_to_recordset($2::jsonb) AS v (id uuid, category text, code text, position int, name_ko text,
       name_en text, description_ko text, description_en text, photo text, price int, sold_out boolean,
       allergens text[], station text, daily_limit int, origin_ko text, origin_en text, age_check boolean,
       hours text, attributes jsonb)
     JOIN category c ON c.store_id = $1 AND c.code = v.category
     ON CONFLICT (store_id, code) DO UPDATE SET
       category_id = excluded.category_id, position = excluded.position, name_ko = excluded.name_ko,
       name_en = excluded.name_en, description_ko = excluded.description_ko, description_en = excluded.description_en,
       photo = excluded.photo, price = excluded.price, sold_out = excluded.sold_out, allergens = excluded.allergens,
       station = excluded.station, daily_limit = excluded.daily_limit, origin_ko = excluded.origin_ko,
       origin_en = excluded.origin_en, age_check = excluded.age_check, hours = excluded.hours,
       attributes = excluded.attributes, archived = false
     WHERE (i.category_id, i.position, i.name_ko, i.name_en, i.description_ko, i.description_en, i.photo, i.price,
         i.sold_out, i.allergens, i.station, i.daily_limit, i.origin_ko, i.origin_en, i.age_check, i.hours,
         i.attributes, i.archived)
       IS DISTINCT FROM (excluded.category_id, excluded.position, excluded.name_ko, excluded.name_en,
         excluded.description_ko, excluded.description_en, excluded.photo, excluded.price, excluded.sold_out,
         excluded.allergens, excluded.station, excluded.daily_limit, excluded.origin_ko, excluded.origin_en,
         excluded.age_check, excluded.hours, excluded.attributes, false)`,
    [storeId, JSON.stringify(rows)],
  );
  return rowCount;
}

/**
 * Writes down what dishes were called, and which station made them, until now: the books of the days before keep it. A second later
 * than now, because the clock that orders have is the database's within that: an order that came before the change is never after it.
 */
async function noteFormer(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO item_former (store_id, item_id, until, name_ko, name_en, station)
     SELECT i.store_id, i.id, clock_timestamp() + interval '1 second', i.name_ko, i.name_en, i.station
     FROM item i JOIN jsonb_to_recordset($2::jsonb) AS v (code text, name_ko text, name_en text, station text) ON v.code = i.code
     WHERE i.store_id = $1 AND (i.name_ko, i.name_en, i.station) IS DISTINCT FROM (v.name_ko, v.name_en, v.station)`,
    [storeId, JSON.stringify(rows)],
  );
}

export async function writeGroups(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<number> {
  const { rowCount } = await tx.query(
    `INSERT INTO option_group AS g (store_id, id, item_id, code, position, name_ko, name_en, min, max)
     SELECT $1, v.id, i.id, v.code, v.position, v.name_ko, v.name_en, v.min, v.max
     FROM jsonb_to_recordset($2::jsonb) AS v (id uuid, item text, code text, position int, name_ko text, name_en text,
       min smallint, max smallint)
     JOIN item i ON i.store_id = $1 AND i.code = v.item
     ON CONFLICT (store_id, item_id, code) DO UPDATE SET
       position = excluded.position, name_ko = excluded.name_ko, name_en = excluded.name_en, min = excluded.min,
       max = excluded.max, archived = false
     WHERE (g.position, g.name_ko, g.name_en, g.min, g.max, g.archived)
       IS DISTINCT FROM (excluded.position, excluded.name_ko, excluded.name_en, excluded.min, excluded.max, false)`,
    [storeId, JSON.stringify(rows)],
  );
  return rowCount;
}

export async function writeOptions(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<number> {
  const { rowCount } = await tx.query(
    `INSERT INTO item_option AS o (store_id, id, group_id, code, position, name_ko, name_en, price, sold_out)
     SELECT $1, v.id, g.id, v.code, v.position, v.name_ko, v.name_en, v.price, v.sold_out
     FROM jsonb_to_recordset($2::jsonb) AS v (id uuid, item text, "group" text, code text, position int, name_ko text,
       name_en text, price int, sold_out boolean)
     JOIN item i ON i.store_id = $1 AND i.code = v.item
     JOIN option_group g ON g.store_id = $1 AND g.item_id = i.id AND g.code = v."group"
     ON CONFLICT (store_id, group_id, code) DO UPDATE SET
       position = excluded.position, name_ko = excluded.name_ko, name_en = excluded.name_en, price = excluded.price,
       sold_out = excluded.sold_out, archived = false
     WHERE (o.position, o.name_ko, o.name_en, o.price, o.sold_out, o.archived)
       IS DISTINCT FROM (excluded.position, excluded.name_ko, excluded.name_en, excluded.price, excluded.sold_out, false)`,
    [storeId, JSON.stringify(rows)],
  );
  return rowCount;
}

/**
 * Takes off what the menu no longer names. Rows stay, so that old orders can name their dishes. What is named is looked up in a hash
 * (`NOT IN`), whatever Postgres believes of tables that nobody has analysed: joined, 500 rows took seconds.
 */
export async function archiveOthers(tx: Queryable, storeId: string, rows: readonly MenuRow[]): Promise<number> {
  const { rows: counts } = await tx.query<{ archived: number }>(
    `WITH named AS MATERIALIZED (
       SELECT identity FROM unnest($2::text[]) AS identity
     ), categories AS (
       UPDATE category c SET archived = true WHERE c.store_id = $1 AND NOT c.archived
         AND 'category://' || c.code NOT IN (SELECT identity FROM named)
       RETURNING 1
     ), items AS (
       UPDATE item i SET archived = true WHERE i.store_id = $1 AND NOT i.archived
         AND 'item://' || i.code NOT IN (SELECT identity FROM named)
       RETURNING 1
     ), groups AS (
       UPDATE option_group g SET archived = true FROM item i
       WHERE g.store_id = $1 AND NOT g.archived AND i.store_id = $1 AND i.id = g.item_id
         AND 'group:' || i.code || '//' || g.code NOT IN (SELECT identity FROM named)
       RETURNING 1
     ), options AS (
       UPDATE item_option o SET archived = true FROM option_group g, item i
       WHERE o.store_id = $1 AND NOT o.archived AND g.store_id = $1 AND g.id = o.group_id
         AND i.store_id = $1 AND i.id = g.item_id
         AND 'option:' || i.code || '/' || g.code || '/' || o.code NOT IN (SELECT identity FROM named)
       RETURNING 1
     )
     SELECT (SELECT count(*) FROM categories) + (SELECT count(*) FROM items) + (SELECT count(*) FROM groups)
       + (SELECT count(*) FROM options) AS archived`,
    [storeId, rows.map(identityOf)],
  );
  return counts[0]!.archived;
}
