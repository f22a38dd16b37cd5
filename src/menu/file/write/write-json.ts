import { jsonPathOf } from '../../../contract/column-name.ts';
import { COLUMN_NAMES, COLUMNS } from '../columns/columns.ts';
import type { Kind, MenuRow } from '../menu-file.ts';
import { CHILDREN } from '../parse/read-json.ts';

interface Entry {
  [field: string]: unknown;
}

const PARENT = { category: null, item: 'category', group: 'item', option: 'group' } as const;

/** The nested form, in its normal shape: all columns that a kind has, optional ones where they say something, short things on one line. */
export function writeJson(rows: readonly MenuRow[]): string {
  const categories: Entry[] = [];
  const last: Partial<Record<Kind, Entry>> = {};
  for (const row of rows) {
    const entry = toEntry(row);
    const parent = PARENT[row.kind];
    const siblings = parent ? (last[parent]![CHILDREN[parent]!.key] as Entry[]) : categories;
    siblings.push(entry);
    last[row.kind] = entry;
  }
  return `${layOut({ categories }, '')}\n`;
}

function toEntry({ kind, code, values }: MenuRow): Entry {
  const entry: Entry = { code };
  for (const name of COLUMN_NAMES) {
    const value = values[name];
    if (value === undefined || (COLUMNS[name].isOptional && value === COLUMNS[name].empty)) continue;
    const [field, language] = jsonPathOf(name);
    if (language === undefined) entry[field] = value;
    else if (value !== null) entry[field] = { ...(entry[field] as Entry | null), [language]: value };
    else entry[field] ??= null;
  }
  const children = CHILDREN[kind];
  if (children) entry[children.key] = [];
  return entry;
}

/** Hangul is twice as wide, so this is about as wide as a screen. */
const LINE_LENGTH_MAX = 100;

function layOut(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((part) => layOut(part, deeper))
    : Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}: ${layOut(part, deeper)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  const space = isList ? '' : ' ';
  const line = `${open}${space}${parts.join(', ')}${space}${close}`;
  if (indent.length + line.length <= LINE_LENGTH_MAX && !line.includes('\n')) return line;
  return `${open}\n${parts.map((part) => deeper + part).join(',\n')}\n${indent}${close}`;
}
