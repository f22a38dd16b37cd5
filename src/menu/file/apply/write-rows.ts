import type { DishAttributeCodes } from '../../../contract/dish-attributes.ts';
import type { Queryable } from '../../../platform/db/pool.ts';
import { COLUMNS, columnsOf } from '../columns/columns.ts';
import { identityOf, type Kind, type MenuRow, type MenuValues } from '../menu-file.ts';

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

/** What a kind's rows say, as its statement has it. */
interface Said {
  /** The columns' names, or those of them in `row`. */
  readonly names: string;
  of(row: string): string;
  /** With their types, as `jsonb_to_recordset` wants them. */
  readonly typed: string;
  /** Each set to what was to be inserted. */
  readonly set: string;
}

const SQL_TYPES = { text: 'text', number: 'int', boolean: 'boolean', list: 'text[]' } as const;

/** Attributes lie in one column, whatever their number. */
function said(kind: Kind): Said {
  const columns = columnsOf(kind).flatMap((name): (readonly [name: string, type: string])[] => {
    const { type } = COLUMNS[name];
    return type === 'code' ? [] : [[name, SQL_TYPES[type]]];
  });
  if (kind === 'item') columns.push(['attributes', 'jsonb']);
  const each = (write: (name: string, type: string) => string) => columns.map(([n, t]) => write(n, t)).join(', ');
  return {
    names: each((name) => name),
    of: (row) => each((name) => `${row}.${name}`),
    typed: each((name, type) => `${name} ${type}`),
    set: each((name) => `${name} = excluded.${name}`),
  };
}
const CATEGORY = said('category');
const ITEM = said('item');
const GROUP = said('group');
const OPTION = said('option');

/**
 * Each writes one kind, leaves rows alone that are as they should be, and says how many it touched, by what comes back: where stores are
 * spread over machines, the statement's own number is that of the rows which were sent.
 */
export async function writeCategories(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<number> {
  const { rows: written } = await tx.query(
    `INSERT INTO category AS c (store_id, id, code, position, ${CATEGORY.names})
     SELECT $1, v.id, v.code, v.position, ${CATEGORY.of('v')}
     FROM jsonb_to_recordset($2::jsonb) AS v (id uuid, code text, position int, ${CATEGORY.typed})
     ON CONFLICT (store_id, code) DO UPDATE SET position = excluded.position, ${CATEGORY.set}, archived = false
     WHERE (c.position, ${CATEGORY.of('c')}, c.archived)
       IS DISTINCT FROM (excluded.position, ${CATEGORY.of('excluded')}, false)
     RETURNING 1`,
    [storeId, JSON.stringify(rows)],
  );
  return written.length;
}

/** @returns how many are new, changed or back */
export async function writeItems(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<number> {
  await noteFormer(tx, storeId, rows);
  const { rows: written } = await tx.query(
    `INSERT INTO item AS i (store_id, id, category_id, code, position, ${ITEM.names})
     SELECT $1, v.id, c.id, v.code, v.position, ${ITEM.of('v')}
     FROM jsonb_to_recordset($2::jsonb) AS v (id uuid, category text, code text, position int, ${ITEM.typed})
     JOIN category c ON c.store_id = $1 AND c.code = v.category
     ON CONFLICT (store_id, code) DO UPDATE SET
       category_id = excluded.category_id, position = excluded.position, ${ITEM.set}, archived = false
     WHERE (i.category_id, i.position, ${ITEM.of('i')}, i.archived)
       IS DISTINCT FROM (excluded.category_id, excluded.position, ${ITEM.of('excluded')}, false)
     RETURNING 1`,
    [storeId, JSON.stringify(rows)],
  );
  return written.length;
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

/** @returns how many are new, changed or back */
export async function writeGroups(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<number> {
  const { rows: written } = await tx.query(
    `INSERT INTO option_group AS g (store_id, id, item_id, code, position, ${GROUP.names})
     SELECT $1, v.id, i.id, v.code, v.position, ${GROUP.of('v')}
     FROM jsonb_to_recordset($2::jsonb) AS v (id uuid, item text, code text, position int, ${GROUP.typed})
     JOIN item i ON i.store_id = $1 AND i.code = v.item
     ON CONFLICT (store_id, item_id, code) DO UPDATE SET position = excluded.position, ${GROUP.set}, archived = false
     WHERE (g.position, ${GROUP.of('g')}, g.archived)
       IS DISTINCT FROM (excluded.position, ${GROUP.of('excluded')}, false)
     RETURNING 1`,
    [storeId, JSON.stringify(rows)],
  );
  return written.length;
}

/** @returns how many are new, changed or back */
export async function writeOptions(tx: Queryable, storeId: string, rows: readonly WriteRow[]): Promise<number> {
  const { rows: written } = await tx.query(
    `INSERT INTO item_option AS o (store_id, id, group_id, code, position, ${OPTION.names})
     SELECT $1, v.id, g.id, v.code, v.position, ${OPTION.of('v')}
     FROM jsonb_to_recordset($2::jsonb) AS v (id uuid, item text, "group" text, code text, position int, ${OPTION.typed})
     JOIN item i ON i.store_id = $1 AND i.code = v.item
     JOIN option_group g ON g.store_id = $1 AND g.item_id = i.id AND g.code = v."group"
     ON CONFLICT (store_id, group_id, code) DO UPDATE SET position = excluded.position, ${OPTION.set}, archived = false
     WHERE (o.position, ${OPTION.of('o')}, o.archived)
       IS DISTINCT FROM (excluded.position, ${OPTION.of('excluded')}, false)
     RETURNING 1`,
    [storeId, JSON.stringify(rows)],
  );
  return written.length;
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
