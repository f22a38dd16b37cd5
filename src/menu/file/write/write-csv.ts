import { stringify } from 'csv-stringify/sync';
import { defused } from '../../../platform/files/spreadsheet-text.ts';
import type { Column } from '../columns/column-types.ts';
import { COLUMN_NAMES, COLUMNS } from '../columns/columns.ts';
import type { MenuRow } from '../menu-file.ts';

/**
 * The table form, in its normal shape: all columns in their order, every value spelled out, plain line ends. Optional columns
 * in which no row says anything are left out.
 * @param currency whose main unit the prices have
 */
export function writeCsv(rows: readonly MenuRow[], currency = 'KRW'): string {
  const columns = COLUMN_NAMES.filter((name) => {
    const { isOptional, empty } = COLUMNS[name];
    return !isOptional || rows.some(({ values }) => (values[name] ?? empty) !== empty);
  });
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
