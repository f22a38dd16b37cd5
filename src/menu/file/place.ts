import { jsonPathOf } from '../../contract/column-name.ts';
import { columnWords } from './columns/aliases.ts';
import type { Place } from './menu-file.ts';
import { same, type Words } from './words.ts';

/** The place of what concerns no single row. */
export const WHOLE_FILE: Place = { row: 0 };

/** A place for reading: the row, or one column of it. */
export function placeWords({ row, path }: Place, column?: string): Words {
  if (path !== undefined) {
    if (column === undefined) return same(path);
    return same(`${path}.${jsonPathOf(column).join('.')}`);
  }
  if (row === 0) return { en: 'the file', ko: '파일' };
  if (column === undefined) return { en: `row ${row}`, ko: `${row}행` };
  return { en: `row ${row}, column ${column}`, ko: `${row}행 '${columnWords(column)}' 칸` };
}
