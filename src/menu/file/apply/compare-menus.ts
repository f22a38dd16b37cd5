import type { Name } from '../../../contract/common.ts';
import type { MenuFilePreview, MenuRowChange } from '../../../contract/menu-file.ts';
import { FILE_BOUNDS } from '../bounds.ts';
import type { Column } from '../columns/column-types.ts';
import { COLUMN_NAMES, COLUMNS } from '../columns/columns.ts';
import { type ColumnName, identityOf, type MenuRow } from '../menu-file.ts';

export type MenuChanges = Pick<MenuFilePreview, 'counts' | 'reordered' | 'mustConfirm' | 'changes'>;

/**
 * What makes one menu of another, row by row and field by field.
 * @param currency of the prices that are shown
 */
export function compareMenus(before: readonly MenuRow[], after: readonly MenuRow[], currency: string): MenuChanges {
  const old = new Map(before.map((row) => [identityOf(row), row]));
  const names = namesIn([...before, ...after]);
  const changes: MenuRowChange[] = [];
  const counts = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  const add = (change: 'added' | 'changed' | 'removed', row: MenuRow, fields: MenuRowChange['fields']) => {
    counts[change] += 1;
    if (changes.length === FILE_BOUNDS.changesShownMax) return;
    const { kind, code, values } = row;
    changes.push({ change, kind, code, name: values.name_ko ?? code, within: parentsOf(row, names), fields });
  };
  for (const row of after) {
    const was = old.get(identityOf(row));
    if (!was) add('added', row, differences({ values: {}, category: row.category }, row, currency));
    else {
      const fields = differences(was, row, currency);
      if (fields.length > 0) add('changed', row, fields);
      else counts.unchanged += 1;
    }
  }
  const kept = new Set(after.map(identityOf));
  for (const row of before) if (!kept.has(identityOf(row))) add('removed', row, []);
  return {
    counts,
    reordered: isReordered(before, after),
    mustConfirm: counts.removed > FILE_BOUNDS.removedUnconfirmedMax,
    changes,
  };
}

/** Another price of a dish that is in both. */
export interface PriceChange {
  readonly dish: Name;
  readonly from: number;
  readonly to: number;
}

/** Rows whose price differs; what is new or gone changes no price. */
export function priceChanges(before: readonly MenuRow[], after: readonly MenuRow[]): PriceChange[] {
  const old = new Map(before.map((row) => [identityOf(row), row]));
  return after.flatMap((row) => {
    const [from, to] = [old.get(identityOf(row))?.values.price, row.values.price];
    if (from === undefined || to === undefined || from === to) return [];
    const ko = row.values.name_ko ?? row.code;
    return [{ dish: { ko, en: row.values.name_en || ko }, from, to }];
  });
}

type Said = Pick<MenuRow, 'values' | 'category'>;

function differences(was: Said, is: Said, currency: string): MenuRowChange['fields'] {
  const fields = COLUMN_NAMES.flatMap((column) => {
    const from = shown(was, column, currency);
    const to = shown(is, column, currency);
    return from === to ? [] : [{ column, from, to }];
  });
  if (was.category === is.category) return fields;
  return [...fields, { column: 'category', from: was.category ?? '', to: is.category ?? '' }];
}

/** A value as a table has it. A text compares by itself, since nothing at all and an empty one are the same to a reader. */
function shown({ values }: Said, column: ColumnName, currency: string): string {
  const value = values[column];
  return value === undefined ? '' : (COLUMNS[column] as Column<unknown>).write(value, currency);
}

/** Names by identity, for saying what a row belongs to. */
const namesIn = (rows: readonly MenuRow[]): Map<string, string> =>
  new Map(rows.map((row) => [identityOf(row), row.values.name_ko ?? row.code]));

function parentsOf({ category, item, group }: MenuRow, names: ReadonlyMap<string, string>): string[] {
  const parents = [
    category !== null && { kind: 'category' as const, item: null, group: null, code: category },
    item !== null && { kind: 'item' as const, item: null, group: null, code: item },
    group !== null && { kind: 'group' as const, item, group: null, code: group },
  ];
  return parents.flatMap((parent) => (parent ? [names.get(identityOf(parent)) ?? parent.code] : []));
}

/** Whether rows that are in both stand in another order. */
function isReordered(before: readonly MenuRow[], after: readonly MenuRow[]): boolean {
  const inBefore = new Set(before.map(identityOf));
  const inAfter = new Set(after.map(identityOf));
  const first = before.map(identityOf).filter((row) => inAfter.has(row));
  const second = after.map(identityOf).filter((row) => inBefore.has(row));
  return first.some((row, index) => row !== second[index]);
}
