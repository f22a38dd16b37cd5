import type { Wrong } from '../columns/read-values.ts';
import type { ColumnName, Kind, Place } from '../menu-file.ts';
import type { Words } from '../words.ts';

/** A row as read, before its cells are understood. All forms of the file come to this. */
export interface RawRow {
  readonly place: Place;
  /** Null when the file names none that exists. */
  readonly kind: Kind | null;
  /** Trimmed text by column, `code` included. A column that the row does not have is absent; an empty cell is ''. */
  readonly cells: ReadonlyMap<string, string | Wrong>;
}

export interface RawMenu {
  readonly rows: readonly RawRow[];
  /** Columns whose absence was reported once for the whole file. */
  readonly missing: ReadonlySet<string>;
  /**
   * Of a list of dishes, which has no `kind`: the columns that it has. What it cannot say, other columns and options, stays as it is.
   * Null: the file says all of its menu.
   */
  readonly listed: ReadonlySet<ColumnName> | null;
  /** What was understood but is worth a look. */
  readonly notes: readonly Words[];
}

/** In a partial file an empty cell leaves things as they are; this one empties them. */
export const CLEAR = '-';
