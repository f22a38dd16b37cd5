import { jsonPathOf } from '../../../contract/column-name.ts';
import { FILE_BOUNDS } from '../bounds.ts';
import type { Column } from '../columns/column-types.ts';
import { COLUMNS, columnsOf } from '../columns/columns.ts';
import { Wrong } from '../columns/read-values.ts';
import type { Kind, Place } from '../menu-file.ts';
import type { Problems } from '../menu-file-error.ts';
import { WHOLE_FILE } from '../place.ts';
import { quoted } from '../words.ts';
import { CLEAR, type RawMenu, type RawRow } from './raw-row.ts';

/** Where a kind's children stand in the nested form. */
export const CHILDREN: { readonly [kind in Kind]: { readonly key: string; readonly kind: Kind } | null } = {
  category: { key: 'items', kind: 'item' },
  item: { key: 'optionGroups', kind: 'group' },
  group: { key: 'options', kind: 'option' },
  option: null,
};

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the nested form into the same rows as the table. */
export function readJson(text: string, partial: boolean, problems: Problems): RawMenu {
  const rows: RawRow[] = [];

  const readList = (value: unknown, path: string, kind: Kind): void => {
    // One row more than allowed shows that there are too many.
    if (rows.length > FILE_BOUNDS.rowsMax) return;
    if (!Array.isArray(value))
      problems.add(placeOf(rows.length, path), { en: 'must be a list', ko: '목록이어야 해요' });
    else for (const [index, entry] of value.entries()) readEntry(entry, `${path}[${index}]`, kind);
  };

  const readEntry = (entry: unknown, path: string, kind: Kind): void => {
    if (rows.length > FILE_BOUNDS.rowsMax) return;
    const place = placeOf(rows.length, path);
    if (!isObject(entry)) {
      problems.add(place, { en: 'must be an object', ko: '객체여야 해요' });
      return;
    }
    const children = CHILDREN[kind];
    rejectUnknown(entry, [...FIELDS[kind], ...(children ? [children.key] : [])], place, problems);
    rows.push({ place, kind, cells: readCells(entry, kind, place, partial, problems) });
    if (children && entry[children.key] !== undefined) {
      readList(entry[children.key], `${path}.${children.key}`, children.kind);
    }
  };

  const root = parseJson(text, problems);
  if (isObject(root)) {
    rejectUnknown(root, ['categories'], WHOLE_FILE, problems);
    readList(root.categories, 'categories', 'category');
  } else if (root !== undefined) {
    problems.add(WHOLE_FILE, {
      en: 'must be an object with a list of categories',
      ko: 'categories 목록이 있는 객체여야 해요',
    });
  }
  if (rows.length > FILE_BOUNDS.rowsMax) {
    problems.add(WHOLE_FILE, {
      en: `has more than ${FILE_BOUNDS.rowsMax} entries; the others were not read`,
      ko: `항목이 ${FILE_BOUNDS.rowsMax}개가 넘어요. 나머지는 읽지 않았어요`,
    });
  }
  return { rows, missing: new Set(), listed: null, notes: [] };
}

const placeOf = (row: number, path: string): Place => ({ row: row + 1, path });

function parseJson(text: string, problems: Problems): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    problems.add(WHOLE_FILE, { en: `is not valid JSON: ${message}`, ko: `올바른 JSON이 아니에요: ${message}` });
    return undefined;
  }
}

const fieldsOf = (kind: Kind): readonly string[] => ['code', ...columnsOf(kind).map((name) => jsonPathOf(name)[0])];
const FIELDS = {
  category: fieldsOf('category'),
  item: fieldsOf('item'),
  group: fieldsOf('group'),
  option: fieldsOf('option'),
};

function rejectUnknown(value: JsonObject, known: readonly string[], place: Place, problems: Problems): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      const names = [...new Set(known)].join(', ');
      problems.add(place, {
        en: `unknown field ${quoted(key)}; known are ${names}`,
        ko: `${quoted(key)}은(는) 없는 항목이에요. 쓸 수 있는 항목: ${names}`,
      });
    }
  }
}

function readCells(entry: JsonObject, kind: Kind, place: Place, partial: boolean, problems: Problems) {
  const cells = new Map<string, string | Wrong>();
  if (entry.code !== undefined) cells.set('code', toCell(entry.code, 'text', partial));
  for (const name of columnsOf(kind)) {
    const [field, language] = jsonPathOf(name);
    let value = entry[field];
    if (language !== undefined && value !== null && value !== undefined) {
      if (isObject(value)) {
        if (language === 'ko') rejectUnknown(value, ['ko', 'en'], place, problems);
        value = value[language];
      } else {
        value = Symbol('wrong');
      }
    }
    if (value !== undefined) cells.set(name, toCell(value, COLUMNS[name].type, partial));
  }
  return cells;
}

const WANTED = {
  text: { en: 'must be a text', ko: '글이어야 해요' },
  number: { en: 'must be a number', ko: '숫자여야 해요' },
  code: { en: 'must be a text or a number', ko: '글이나 숫자여야 해요' },
  boolean: { en: 'must be true or false', ko: 'true 또는 false여야 해요' },
  list: { en: 'must be a list of texts', ko: '글의 목록이어야 해요' },
};

/** The text that the table would have in this cell. */
function toCell(value: unknown, type: Column<unknown>['type'], partial: boolean): string | Wrong {
  if (value === null) return partial ? CLEAR : '';
  if ((type === 'text' || type === 'code') && typeof value === 'string') {
    return value.replaceAll(/\r\n?/g, '\n').trim();
  }
  if ((type === 'number' || type === 'code') && typeof value === 'number') return String(value);
  if (type === 'boolean' && typeof value === 'boolean') return value ? 'yes' : 'no';
  if (type === 'list' && Array.isArray(value) && value.every((part) => typeof part === 'string'))
    return value.join('|');
  return new Wrong(WANTED[type]);
}
