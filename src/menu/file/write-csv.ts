import { stringify } from 'csv-stringify/sync';
import { DISH_ATTRIBUTE_NAMES } from '../../contract/dish-attributes.ts';
import { defused } from '../../platform/spreadsheet-text.ts';
import { COLUMN_NAMES, COLUMNS, type Column } from './columns.ts';
import type { ColumnName, MenuRow } from './menu-file.ts';

/**
 * The table form, in its normal shape: all columns in their order, every value spelled out, plain line ends. Attributes that no dish of
 * the menu has are no columns of its table.
 * @param currency whose main unit the prices have
 */
export function writeCsv(rows: readonly MenuRow[], currency = 'KRW'): string {
  const unused: ReadonlySet<ColumnName> = new Set(
    DISH_ATTRIBUTE_NAMES.filter((name) => rows.every(({ values }) => (values[name] ?? null) === null)),
  );
  const columns = COLUMN_NAMES.filter((name) => !unused.has(name));
  const records = rows.map((row) => [
    row.kind,
    row.code,
    ...columns.map((name) => {
      const value = row.values[name];
      return value === undefined ? '' : defused((COLUMNS[name] as Column<unknown>).write(value, currency));
    }),
  ]);
  return stringify([['kind', 'code', ...columns], ...records], { record_delimiter: '\n' });
}
