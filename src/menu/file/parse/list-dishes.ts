import type { Wrong } from '../columns/read-values.ts';
import type { Place } from '../menu-file.ts';
import type { RawRow } from './raw-row.ts';

interface Listed {
  readonly place: Place;
  readonly cells: ReadonlyMap<string, string | Wrong>;
}

/** The category of dishes in a list that names none. */
const ONLY_CATEGORY = '메뉴';

/**
 * Makes rows of a menu from a list of dishes, one a line, with the category's name beside each or only beside the first of it. The
 * categories stand in the order in which they are first named.
 */
export function listDishes(listed: readonly Listed[], partial: boolean): RawRow[] {
  const dishes = listed.map(({ place, cells }) => {
    const own = new Map(cells);
    own.delete('category');
    return { place, kind: 'item' as const, cells: own };
  });
  if (partial) return dishes;
  const categories = new Map<string, RawRow[]>();
  let name = ONLY_CATEGORY;
  for (const [index, { place, cells }] of listed.entries()) {
    const said = cells.get('category');
    if (typeof said === 'string' && said !== '') name = said;
    const rows = categories.get(name) ?? [{ place, kind: 'category', cells: new Map([['name_ko', name]]) }];
    rows.push(dishes[index]!);
    categories.set(name, rows);
  }
  return [...categories.values()].flat();
}
