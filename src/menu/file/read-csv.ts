import { CsvError, parse } from 'csv-parse/sync';
import { FILE_BOUNDS } from './bounds.ts';
import { COLUMN_NAMES, COLUMNS, HEADER } from './columns.ts';
import { KINDS, type Kind, type Place } from './menu-file.ts';
import { type Problems, quoted, WHOLE_FILE } from './menu-file-error.ts';
import type { RawMenu, RawRow } from './raw-row.ts';

/** Rows are counted as a spreadsheet does: the header is row 1, empty ones count, a cell with line breaks is one row. */
const placeOf = (row: number): Place => ({
  row,
  at: (column) => (column === undefined ? `row ${row}` : `row ${row}, column ${column}`),
});

const isKind = (text: string): text is Kind => (KINDS as readonly string[]).includes(text);

/** Reads the table form. What cannot be read goes to `problems`; the rows that can are returned all the same. */
export function readCsv(text: string, partial: boolean, problems: Problems): RawMenu {
  const [header = [], ...records] = splitRecords(text, problems);
  while (header.at(-1) === '') header.pop();
  const columns = readHeader(header, problems);
  const missing = new Set(
    ['kind', 'code', ...COLUMN_NAMES.filter((name) => !partial && COLUMNS[name].required.includes('item'))].filter(
      (name) => !columns.includes(name),
    ),
  );
  for (const name of missing) problems.add(placeOf(1), `the column ${name} is missing`);

  const rows: RawRow[] = [];
  for (const [index, record] of records.entries()) {
    if (record.every((cell) => cell === '')) continue;
    const place = placeOf(index + 2);
    if (record.slice(columns.length).some((cell) => cell !== '')) {
      problems.add(place, `has ${record.length} cells, the header has ${columns.length}`);
    }
    const cells = new Map<string, string>();
    for (const [at, column] of columns.entries()) {
      if (column !== undefined) cells.set(column, (record[at] ?? '').trim());
    }
    rows.push({ place, kind: takeKind(cells, place, problems), cells });
  }
  return { rows, missing };
}

function takeKind(cells: Map<string, string>, place: Place, problems: Problems): Kind | null {
  const kind = cells.get('kind');
  cells.delete('kind');
  if (kind === undefined) return null;
  if (isKind(kind)) return kind;
  problems.add(place, kind === '' ? 'is needed' : `${quoted(kind)} is none of ${KINDS.join(', ')}`, 'kind');
  return null;
}

function splitRecords(text: string, problems: Problems): string[][] {
  const records: string[][] = [];
  try {
    parse(text, {
      delimiter: ',',
      record_delimiter: '\n',
      relax_column_count: true,
      // A lone quote inside a cell, as in 12" pizza, is only a character.
      relax_quotes: true,
      trim: true,
      to: FILE_BOUNDS.rowsMax + 2,
      on_record: (record: string[]) => {
        records.push(record);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const what = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened and never closed' : 'a quote is misplaced';
    problems.add(placeOf(records.length + 1), `${what}; from here on the file could not be read`);
  }
  if (records.length > FILE_BOUNDS.rowsMax + 1) {
    records.length = FILE_BOUNDS.rowsMax + 1;
    problems.add(WHOLE_FILE, `has more than ${FILE_BOUNDS.rowsMax} rows; the others were not read`);
  }
  return records;
}

/** The column of each cell; undefined for one that is unknown or there twice. */
function readHeader(header: readonly string[], problems: Problems): (string | undefined)[] {
  const known: readonly string[] = HEADER;
  const unknown = header.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const names = unknown.slice(0, HEADER.length).map(quoted).join(', ');
    problems.add(placeOf(1), `${names} is no column; there are ${HEADER.join(', ')}`);
  }
  return header.map((name, index) => {
    if (!known.includes(name)) return undefined;
    if (header.indexOf(name) === index) return name;
    problems.add(placeOf(1), `the column ${name} is there twice`);
    return undefined;
  });
}
