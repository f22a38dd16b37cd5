import type { Wrong } from './columns.ts';
import type { Kind, Place } from './menu-file.ts';

/** A row as read, before its cells are understood. Both forms of the file come to this. */
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
}

/** In a partial file an empty cell leaves things as they are; this one empties them. */
export const CLEAR = '-';
