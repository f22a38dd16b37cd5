import { undefused } from '../../../platform/files/spreadsheet-text.ts';
import { FILE_BOUNDS } from '../bounds.ts';
import { columnNamed, columnWords, kindNamed } from '../columns/aliases.ts';
import { COLUMN_NAMES, COLUMNS, HEADER } from '../columns/columns.ts';
import { Wrong } from '../columns/read-values.ts';
import { formulaFault } from '../columns/text-faults.ts';
import { KINDS, type Kind, type Place } from '../menu-file.ts';
import type { Problems } from '../menu-file-error.ts';
import { WHOLE_FILE } from '../place.ts';
import { quoted, type Words } from '../words.ts';
import { listDishes } from './list-dishes.ts';
import type { RawMenu, RawRow } from './raw-row.ts';
import type { TableRow } from './table.ts';

const isKind = (text: string): text is Kind => (KINDS as readonly string[]).includes(text);
const NO_ROW: TableRow = { number: 1, cells: [] };

/** Reads the table form. What cannot be read goes to `problems`; the rows that can are returned all the same. */
export function readTable(table: readonly TableRow[], partial: boolean, problems: Problems): RawMenu {
  const notes: Words[] = [];
  const at = findHeader(table);
  const header = table[at] ?? NO_ROW;
  let rows = table.slice(at + 1).filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (table.length - at - 1 > FILE_BOUNDS.rowsMax) {
    rows = rows.slice(0, FILE_BOUNDS.rowsMax);
    problems.add(WHOLE_FILE, {
      en: `has more than ${FILE_BOUNDS.rowsMax} rows; the others were not read`,
      ko: `${FILE_BOUNDS.rowsMax}행이 넘어요. 나머지는 읽지 않았어요`,
    });
  }
  const columns = readHeader(header, problems, notes);
  const isList = !columns.includes('kind') && columns.includes('name_ko');
  const named = columns.includes('name_ko') ? [] : ['code'];
  const needed = [
    ...(isList ? [] : ['kind']),
    ...(partial ? named : isList ? ['price'] : COLUMN_NAMES.filter((name) => COLUMNS[name].required.includes('item'))),
  ];
  const missing = new Set(needed.filter((name) => !columns.includes(name)));
  for (const name of missing) {
    problems.add(
      { row: header.number },
      {
        en: `the column ${name} is missing`,
        ko: `'${columnWords(name)}'(${name}) 열이 없어요`,
      },
    );
  }
  const raw = rows.map(({ number, cells }) => readRow(number, cells, columns, problems));
  if (isList) {
    const listed = new Set(COLUMN_NAMES.filter((name) => columns.includes(name)));
    const unsaid = COLUMN_NAMES.filter((name) => !listed.has(name));
    return { rows: listDishes(raw, partial), missing: new Set([...missing, ...unsaid]), listed, notes };
  }
  return {
    rows: raw.map(({ place, cells }) => ({ place, kind: takeKind(cells, place, problems), cells })),
    missing,
    listed: null,
    notes,
  };
}

type Row = Pick<RawRow, 'place'> & { readonly cells: Map<string, string | Wrong> };

function readRow(
  number: number,
  written: readonly string[],
  columns: readonly (string | undefined)[],
  problems: Problems,
): Row {
  const place = { row: number };
  if (written.slice(columns.length).some((cell) => cell !== '')) {
    problems.add(place, {
      en: `has ${written.length} cells, the header has ${columns.length}`,
      ko: `칸이 ${written.length}개인데 제목 행에는 ${columns.length}개예요`,
    });
  }
  const cells = new Map<string, string | Wrong>();
  for (const [at, column] of columns.entries()) {
    if (column === undefined) continue;
    const cell = written[at] ?? '';
    const fault = formulaFault(cell);
    cells.set(column, fault ? new Wrong(fault) : undefused(cell));
  }
  return { place, cells };
}

function takeKind(cells: Map<string, string | Wrong>, place: Place, problems: Problems): Kind | null {
  const kind = cells.get('kind');
  cells.delete('kind');
  if (kind === undefined) return null;
  const found = kind instanceof Wrong ? undefined : isKind(kind) ? kind : kindNamed(kind);
  if (found) return found;
  const what =
    kind instanceof Wrong
      ? kind.what
      : kind === ''
        ? { en: 'is needed', ko: '꼭 필요해요' }
        : {
            en: `${quoted(kind)} is none of ${KINDS.join(', ')}`,
            ko: `${quoted(kind)}은(는) 분류, 메뉴, 그룹, 옵션 가운데 하나가 아니에요`,
          };
  problems.add(place, what, 'kind');
  return null;
}

/** The first line that names two columns; a restaurant's own name and a date may stand above it. */
function findHeader(table: readonly TableRow[]): number {
  const isHeader = ({ cells }: TableRow) =>
    new Set(cells.map(columnNamed).filter((name) => name !== undefined)).size >= 2;
  return Math.max(0, table.slice(0, FILE_BOUNDS.titleRowsMax).findIndex(isHeader));
}

/** The column of each cell; undefined for one that is unknown or there twice. */
function readHeader({ number, cells }: TableRow, problems: Problems, notes: Words[]): (string | undefined)[] {
  const header = [...cells];
  while (header.at(-1) === '') header.pop();
  const named = header.map(columnNamed);
  const unknown = header.filter((_, index) => named[index] === undefined);
  if (unknown.length > 0) {
    const names = unknown.slice(0, HEADER.length).map(quoted).join(', ');
    // Where the file has our own form, an unknown name is a slip of the hand; a restaurant's own list has columns for other programs.
    if (!named.includes('kind') && named.includes('name_ko')) {
      notes.push({ en: `not read: the columns ${names}`, ko: `읽지 않은 열: ${names}` });
    } else {
      const known = HEADER.join(', ');
      problems.add(
        { row: number },
        {
          en: `${names} is no column; there are ${known}`,
          ko: `${names}은(는) 없는 열이에요. 쓸 수 있는 열: ${known}`,
        },
      );
    }
  }
  return named.map((name, index) => {
    if (name === undefined || named.indexOf(name) === index) return name;
    problems.add(
      { row: number },
      {
        en: `the column ${name} is there twice`,
        ko: `${quoted(header[index]!)} 열이 두 번 있어요(${name})`,
      },
    );
    return undefined;
  });
}
