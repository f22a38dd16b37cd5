import { KIND_NAMES } from '../columns/aliases.ts';
import { COLUMN_NAMES, COLUMNS, readCode } from '../columns/columns.ts';
import { type Reading, Wrong } from '../columns/read-values.ts';
import { type ColumnName, identityOf, type Kind, type MenuRow, type MenuValues } from '../menu-file.ts';
import type { Problems } from '../menu-file-error.ts';
import { placeWords, WHOLE_FILE } from '../place.ts';
import { quoted, type Words } from '../words.ts';
import { CodeMaker, type KnownCode } from './make-codes.ts';
import { CLEAR, type RawMenu, type RawRow } from './raw-row.ts';

/** A code that the file did not have. */
export interface MadeCode {
  readonly kind: Kind;
  readonly code: string;
  readonly name: string;
}

export interface UnderstandOptions {
  readonly partial: boolean;
  readonly reading: Reading;
  /** All rows that the store has or had, so that a name keeps its code. */
  readonly known: readonly KnownCode[];
}

export interface UnderstoodRows {
  readonly rows: MenuRow[];
  /** Codes made for names that the store did not know. */
  readonly made: MadeCode[];
}

/** Texts that stand in for each other; the Korean one is first. */
const ENGLISH = [
  ['description_ko', 'description_en'],
  ['origin_ko', 'origin_en'],
] as const;

const NEEDED: Words = { en: 'is needed', ko: '꼭 필요해요' };

/** The code of the last row of each kind: what the next row belongs to. `UNSURE` after a row that could not be read. */
type Above = Record<'category' | 'item' | 'group', string | null>;
const UNSURE = '?';

const WITHIN = { category: null, item: 'category', group: 'item', option: 'group' } as const;
const BELOW = { category: ['item', 'group'], item: ['group'], group: [], option: [] } as const;

/** Turns cells into values and finds what each row belongs to. Every problem of every row goes to `problems`. */
export function understandRows(raw: RawMenu, options: UnderstandOptions, problems: Problems): UnderstoodRows {
  const { partial } = options;
  const above: Above = { category: null, item: null, group: null };
  const seen = new Map<string, Words>();
  const rows: MenuRow[] = [];
  const made: MadeCode[] = [];
  const maker = new CodeMaker(options.known, writtenCodes(raw.rows));
  for (const rawRow of raw.rows) {
    const { kind, place } = rawRow;
    if (kind === null) {
      // Whatever it was meant to be, the rows below must not be blamed for it.
      Object.assign(above, { category: UNSURE, item: UNSURE, group: UNSURE });
      continue;
    }
    const within = WITHIN[kind];
    const parents = {
      category: kind === 'item' ? above.category : null,
      item: kind === 'group' || kind === 'option' ? above.item : null,
      group: kind === 'option' ? above.group : null,
    };
    const values = understandValues(rawRow, kind, options, raw.missing, problems);
    const code = understandCode(rawRow, raw.missing, problems) ?? makeCode(maker, { kind, ...parents }, values, made);
    // A partial file's dish is known by its code alone.
    if (within && above[within] === null && !(partial && kind === 'item')) {
      problems.add(place, {
        en: `this ${kind} has no ${within} above it`,
        ko: `이 ${KIND_NAMES[kind]} 위에 ${KIND_NAMES[within]}이(가) 없어요`,
      });
    }
    const row: MenuRow = {
      kind,
      code,
      ...parents,
      values,
      place,
    };
    if (kind !== 'option') above[kind] = code;
    for (const lower of BELOW[kind]) above[lower] = null;
    rows.push(row);
    if (code === UNSURE || row.item === UNSURE || row.group === UNSURE) continue;
    const first = seen.get(identityOf(row));
    if (first !== undefined) {
      const what = {
        en: `the ${kind} ${quoted(code)} is there already, in ${first.en}`,
        ko: `${KIND_NAMES[kind]} ${quoted(code)}은(는) ${first.ko}에 이미 있어요`,
      };
      problems.add(place, what, 'code');
    } else seen.set(identityOf(row), placeWords(place));
  }
  if (raw.rows.length === 0) problems.add(WHOLE_FILE, { en: 'has no rows', ko: '내용이 한 행도 없어요' });
  return { rows, made };
}

/** The codes that a file has itself, of rows that are known by them alone. */
const writtenCodes = (rows: readonly RawRow[]) =>
  rows.flatMap(({ kind, cells }) => {
    const code = cells.get('code');
    if (typeof code !== 'string' || code === '' || (kind !== 'category' && kind !== 'item')) return [];
    return [{ kind, code, item: null, group: null }];
  });

/** @returns undefined when the file leaves it to us */
function understandCode(
  { cells, place }: RawRow,
  missing: ReadonlySet<string>,
  problems: Problems,
): string | undefined {
  const cell = cells.get('code') ?? '';
  if (missing.has('code')) return UNSURE;
  if (cell === '') {
    if (cells.get('name_ko') || missing.has('name_ko')) return undefined;
    problems.add(place, NEEDED, 'code');
    return UNSURE;
  }
  const code = cell instanceof Wrong ? cell : readCode(cell);
  if (!(code instanceof Wrong)) return code;
  problems.add(place, code.what, 'code');
  return UNSURE;
}

function makeCode(
  maker: CodeMaker,
  row: Pick<MenuRow, 'kind' | 'item' | 'group'>,
  { name_ko, name_en = '' }: Partial<MenuValues>,
  made: MadeCode[],
): string {
  if (name_ko === undefined || row.item === UNSURE || row.group === UNSURE) return UNSURE;
  const { code, isNew } = maker.make(row, { ko: name_ko, en: name_en });
  if (isNew) made.push({ kind: row.kind, code, name: name_ko });
  return code;
}

function understandValues(
  { cells, place }: RawRow,
  kind: Kind,
  { partial, reading }: UnderstandOptions,
  missing: ReadonlySet<string>,
  problems: Problems,
): Partial<MenuValues> {
  const values: Record<string, unknown> = {};
  for (const name of COLUMN_NAMES) {
    const cell = cells.get(name) ?? '';
    if (!COLUMNS[name].kinds.includes(kind)) {
      if (cell !== '') {
        const what = {
          en: `a row of kind ${kind} has no ${name}`,
          ko: `${KIND_NAMES[kind]} 행에는 이 칸을 쓸 수 없어요`,
        };
        problems.add(place, what, name);
      }
      continue;
    }
    if (missing.has(name) || (partial && cell === '')) continue;
    const value = understandCell(name, kind, cell, partial, reading);
    if (value instanceof Wrong) problems.add(place, value.what, name);
    else values[name] = value;
  }
  for (const [own, english] of ENGLISH) {
    if (!values[english] || values[own] !== null) continue;
    problems.add(place, { en: 'is needed where there is an English one', ko: '영어로 적었으면 꼭 필요해요' }, own);
  }
  return values as Partial<MenuValues>;
}

function understandCell(
  name: ColumnName,
  kind: Kind,
  cell: string | Wrong,
  partial: boolean,
  reading: Reading,
): unknown {
  if (cell instanceof Wrong) return cell;
  const { required, empty, read } = COLUMNS[name];
  if (cell !== '' && !(partial && cell === CLEAR)) return read(cell, reading);
  return required.includes(kind) ? new Wrong(NEEDED) : empty;
}
