import type { Queryable } from '../../platform/db/pool.ts';
import { COLUMN_NAMES, COLUMNS } from './columns.ts';
import type { Kind, MenuRow, MenuValues } from './menu-file.ts';
import { readMenuRows } from './queries.ts';

/** A store's whole menu as the rows of a menu file. Archived ones are left out. */
export async function readMenu(db: Queryable, storeId: string): Promise<MenuRow[]> {
  const found = await readMenuRows(db, storeId);
  return found.map((row, index) => ({
    kind: row.kind,
    code: row.code,
    category: row.category,
    item: row.item,
    group: row.group,
    values: valuesOf(row.kind, row),
    place: { row: index + 1, path: [row.item, row.group, row.code].filter((code) => code !== null).join('/') },
  }));
}

function valuesOf(kind: Kind, row: Partial<MenuValues>): Partial<MenuValues> {
  const names = COLUMN_NAMES.filter((name) => COLUMNS[name].kinds.includes(kind));
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}
