import { DISH_ATTRIBUTE_NAMES, declaredCode } from '../../contract/dish-attributes.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { COLUMN_NAMES, COLUMNS } from './columns.ts';
import type { Kind, MenuRow, MenuValues } from './menu-file.ts';
import { type MenuDataRow, readMenuRows } from './queries.ts';

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

function valuesOf(kind: Kind, row: MenuDataRow): Partial<MenuValues> {
  const attributes = DISH_ATTRIBUTE_NAMES.map((name) => [name, declaredCode(row.attributes, name)]);
  const values: Partial<MenuValues> = { ...row, ...Object.fromEntries(attributes) };
  const names = COLUMN_NAMES.filter((name) => COLUMNS[name].kinds.includes(kind));
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
