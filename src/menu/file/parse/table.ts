/** A row of a table, whatever kind of file it came from. */
export interface TableRow {
  /** As a spreadsheet counts: the first line is row 1, empty ones count, a cell with line breaks is one row. */
  readonly number: number;
  /** Trimmed. */
  readonly cells: readonly string[];
}
