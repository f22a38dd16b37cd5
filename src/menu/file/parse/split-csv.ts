import { CsvError, parse } from 'csv-parse/sync';
import { FILE_BOUNDS } from '../bounds.ts';
import type { Problems } from '../menu-file-error.ts';
import { WHOLE_FILE } from '../place.ts';
import type { TableRow } from './table.ts';

/** What stands between cells: Excel writes semicolons where the comma is the decimal point, and tabs as "Unicode text". */
const DELIMITERS = [',', ';', '\t'] as const;
const SEP_LINE = /^"?sep=(.)"?\n/i;

/** Takes a text apart into rows of cells. What cannot be read goes to `problems`; the rows before it are returned all the same. */
export function splitCsv(text: string, problems: Problems): TableRow[] {
  const said = SEP_LINE.exec(text);
  const body = said ? text.slice(said[0].length) : text;
  const delimiter = said?.[1] ?? delimiterOf(body);
  const rows: TableRow[] = [];
  // A line that only names the delimiter is a row for whoever counts.
  let number = said ? 1 : 0;
  try {
    parse(body, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      // A lone quote inside a cell, as in 12" pizza, is only a character.
      relax_quotes: true,
      // A tab would be trimmed as a blank; cells are trimmed below in any case.
      trim: delimiter !== '\t',
      to: FILE_BOUNDS.rowsMax + FILE_BOUNDS.titleRowsMax + 2,
      on_record: (cells: string[]) => {
        number += 1;
        rows.push({ number, cells: cells.map((cell) => cell.trim()) });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED';
    const what = {
      en: `${isOpen ? 'a quote is opened and never closed' : 'a quote is misplaced'}; from here on the file could not be read`,
      ko: `${isOpen ? '따옴표가 열리고 닫히지 않았어요' : '따옴표 자리가 잘못됐어요'}. 여기부터 읽지 못했어요`,
    };
    problems.add(rows.length === 0 && !isOpen ? WHOLE_FILE : { row: number + 1 }, what);
  }
  return rows;
}

/** What stands most often in the first line that has any; commas where none does. */
function delimiterOf(text: string): string {
  const line = text
    .split('\n', FILE_BOUNDS.titleRowsMax)
    .find((each) => DELIMITERS.some((sign) => each.includes(sign)));
  const count = (sign: string) => line!.split(sign).length;
  return line === undefined ? ',' : DELIMITERS.reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
