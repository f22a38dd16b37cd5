import { checkChoices } from './check-choices.ts';
import { decodeText } from './decode-text.ts';
import type { MenuFile } from './menu-file.ts';
import { Problems } from './menu-file-error.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { understandRows } from './understand-rows.ts';

export type Format = 'csv' | 'json';

/**
 * Reads and checks a whole menu file.
 * @param partial the file holds changes to some dishes instead of the whole menu
 * @throws MenuFileError with every problem that it has
 */
export function parseMenu(bytes: Uint8Array, { format, partial }: { format: Format; partial: boolean }): MenuFile {
  const problems = new Problems();
  const text = decodeText(bytes, problems);
  problems.throwAny();
  const raw = (format === 'csv' ? readCsv : readJson)(text!, partial, problems);
  const rows = understandRows(raw, partial, problems);
  // A partial file says too little for this; it is checked together with the menu that it changes.
  if (!partial) checkChoices(rows, problems);
  problems.throwAny();
  return { partial, rows };
}
