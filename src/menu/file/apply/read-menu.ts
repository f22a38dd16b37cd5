import { columnNameOf } from '../../../contract/column-name.ts';
import { DISH_ATTRIBUTE_NAMES, declaredCode } from '../../../contract/dish-attributes.ts';
import type { Queryable } from '../../../platform/db/pool.ts';
import { columnsOf } from '../columns/columns.ts';
import type { Kind, MenuRow } from '../menu-file.ts';
import { type MenuDataRow, readMenuRows } from './queries.ts';

/** A store's whole menu as the rows of a menu file. Archived ones are left out. */
export async function readMenu(db: Queryable, storeId: string): Promise<MenuRow[]> {
  const found = await readMenuRows(db, storeId);
  return found.map(({ kind, code, category, item, group, has }, index) => ({
    kind,
    code,
    category,
    item,
    group,
    values: valuesOf(kind, has),
    place: { row: index + 1, path: [item, group, code].filter((each) => each !== null).join('/') },
  }));
}

function valuesOf(kind: Kind, has: MenuDataRow['has']): MenuRow['values'] {
  const attributes = DISH_ATTRIBUTE_NAMES.map((name) => [columnNameOf(name), declaredCode(has.attributes, name)]);
  const values = { ...has, ...Object.fromEntries(attributes) };
  return Object.fromEntries(columnsOf(kind).map((name) => [name, values[name]]));
}
