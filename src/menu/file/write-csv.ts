import { stringify } from 'csv-stringify/sync';
import { defused } from '../../platform/spreadsheet-text.ts';
import { COLUMN_NAMES, COLUMNS, type Column, HEADER } from './columns.ts';
import type { MenuRow } from './menu-file.ts';

/**
 * The table form, in its normal shape: all columns in their order, every value spelled out, plain line ends.
 * @param currency whose main unit the prices have
 */
export function writeCsv(rows: readonly MenuRow[], currency = 'KRW'): string {
  const records = rows.map((row) => [
    row.kind,
    row.code,
    ...COLUMN_NAMES.map((name) => {
      const value = row.values[name];
      return value === undefined ? '' : defused((COLUMNS[name] as Column<unknown>).write(value, currency));
    }),
  ]);
  return stringify([HEADER, ...records], { record_delimiter: '\n' });
}
