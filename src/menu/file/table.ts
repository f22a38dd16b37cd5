import { columnWords } from './korean.ts';
import type { Place } from './menu-file.ts';

/** A row of a table, whatever kind of file it came from. */
export interface TableRow {
  /** As a spreadsheet counts: the first line is row 1, empty ones count, a cell with line breaks is one row. */
  readonly number: number;
  /** Trimmed. */
  readonly cells: readonly string[];
}

export const rowPlace = (row: number): Place => ({
  row,
  at: (column) =>
    column === undefined
      ? { en: `row ${row}`, ko: `${row}행` }
      : { en: `row ${row}, column ${column}`, ko: `${row}행 '${columnWords(column)}' 칸` },
});
