import { COLUMN_NAMES, COLUMNS, type ColumnName, readCode, Wrong } from './columns.ts';
import { identityOf, type Kind, type MenuRow, type MenuValues } from './menu-file.ts';
import { type Problems, quoted, WHOLE_FILE } from './menu-file-error.ts';
import { CLEAR, type RawMenu, type RawRow } from './raw-row.ts';

/** The code of the last row of each kind: what the next row belongs to. `UNSURE` after a row that could not be read. */
type Above = Record<'category' | 'item' | 'group', string | null>;
const UNSURE = '?';

const WITHIN = { category: null, item: 'category', group: 'item', option: 'group' } as const;
const BELOW = { category: ['item', 'group'], item: ['group'], group: [], option: [] } as const;

/** Turns cells into values and finds what each row belongs to. Every problem of every row goes to `problems`. */
export function understandRows(raw: RawMenu, partial: boolean, problems: Problems): MenuRow[] {
  const above: Above = { category: null, item: null, group: null };
  const seen = new Map<string, string>();
  const rows: MenuRow[] = [];
  for (const rawRow of raw.rows) {
    const { kind, place } = rawRow;
    if (kind === null) {
      // Whatever it was meant to be, the rows below must not be blamed for it.
      Object.assign(above, { category: UNSURE, item: UNSURE, group: UNSURE });
      continue;
    }
    const code = understandCode(rawRow, raw.missing, problems) ?? UNSURE;
    const within = WITHIN[kind];
    // A partial file's dish is known by its code alone.
    if (within && above[within] === null && !(partial && kind === 'item')) {
      problems.add(place, `this ${kind} has no ${within} above it`);
    }
    const row: MenuRow = {
      kind,
      code,
      category: kind === 'item' ? above.category : null,
      item: kind === 'group' || kind === 'option' ? above.item : null,
      group: kind === 'option' ? above.group : null,
      values: understandValues(rawRow, kind, partial, raw.missing, problems),
      place,
    };
    if (kind !== 'option') above[kind] = code;
    for (const lower of BELOW[kind]) above[lower] = null;
    rows.push(row);
    if (code === UNSURE || row.item === UNSURE || row.group === UNSURE) continue;
    const first = seen.get(identityOf(row));
    if (first !== undefined) problems.add(place, `the ${kind} ${quoted(code)} is there already, in ${first}`, 'code');
    else seen.set(identityOf(row), place.at());
  }
  if (raw.rows.length === 0) problems.add(WHOLE_FILE, 'has no rows');
  return rows;
}

function understandCode({ cells, place }: RawRow, missing: ReadonlySet<string>, problems: Problems): string | null {
  const cell = cells.get('code') ?? '';
  if (missing.has('code')) return null;
  const code = cell === '' ? new Wrong('is needed') : cell instanceof Wrong ? cell : readCode(cell);
  if (!(code instanceof Wrong)) return code;
  problems.add(place, code.what, 'code');
  return null;
}

function understandValues(
  { cells, place }: RawRow,
  kind: Kind,
  partial: boolean,
  missing: ReadonlySet<string>,
  problems: Problems,
): Partial<MenuValues> {
  const values: Record<string, unknown> = {};
  for (const name of COLUMN_NAMES) {
    const cell = cells.get(name) ?? '';
    if (!COLUMNS[name].kinds.includes(kind)) {
      if (cell !== '') problems.add(place, `a row of kind ${kind} has no ${name}`, name);
      continue;
    }
    if (missing.has(name) || (partial && cell === '')) continue;
    const value = understandCell(name, kind, cell, partial);
    if (value instanceof Wrong) problems.add(place, value.what, name);
    else values[name] = value;
  }
  if (values.description_en && values.description_ko === null) {
    problems.add(place, 'is needed where there is an English one', 'description_ko');
  }
  return values as Partial<MenuValues>;
}

function understandCell(name: ColumnName, kind: Kind, cell: string | Wrong, partial: boolean): unknown {
  if (cell instanceof Wrong) return cell;
  const { required, empty, read } = COLUMNS[name];
  if (cell !== '' && !(partial && cell === CLEAR)) return read(cell);
  return required.includes(kind) ? new Wrong('is needed') : empty;
}
