import { ALLERGENS, isAllergen } from '../../contract/allergens.ts';
import { composed } from '../../contract/composed.ts';
import { ITEM_PRICE_MAX, ITEM_REMAINING_MAX } from '../../contract/menu.ts';
import { FILE_BOUNDS } from './bounds.ts';
import { KINDS, type Kind, type MenuValues } from './menu-file.ts';
import { quoted } from './menu-file-error.ts';

/** What a cell's reader returns instead of a value. */
export class Wrong {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

export interface Column<T> {
  /** Where the JSON form has it: names of nested keys. */
  readonly json: readonly [string] | readonly [string, string];
  /** What the JSON form has there. */
  readonly type: 'text' | 'number' | 'boolean' | 'list';
  readonly kinds: readonly Kind[];
  /** Kinds that must fill it in a whole menu. */
  readonly required: readonly Kind[];
  /** What an empty cell means for the other kinds. */
  readonly empty?: T;
  /** Reads a cell that is neither empty nor padded. */
  readonly read: (text: string) => T | Wrong;
  readonly write: (value: T) => string;
}

const number = (min: number, max: number) => ({
  type: 'number' as const,
  read: (text: string) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value;
    return new Wrong(`${quoted(text)} is not a whole number from ${min} to ${max}`);
  },
  write: (value: number | null) => (value === null ? '' : String(value)),
});

const text = (lengthMax: number, allowed = /^\P{Cc}*$/u, what = 'holds a control character or line break') => ({
  type: 'text' as const,
  read: (written: string) => {
    const value = composed(written);
    if (value.length > lengthMax) return new Wrong(`has ${value.length} characters, at most ${lengthMax} are allowed`);
    if (!value.isWellFormed()) return new Wrong(`${quoted(value)} holds half a character`);
    return allowed.test(value) ? value : new Wrong(`${quoted(value)} ${what}`);
  },
  write: (value: string | null) => value ?? '',
});

const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const code = (lengthMax: number) =>
  text(lengthMax, CODE, 'is no code: small letters a to z, digits, and single hyphens between them');

/** A description may have several lines. */
const LINES = /^[\P{Cc}\n]*$/u;

/** What the guest page's policy lets a browser load: its own server, and any other over https. */
function readPhoto(value: string): string | Wrong {
  const wrong = new Wrong(`${quoted(value)} is neither an https address nor a path`);
  if (value.length > FILE_BOUNDS.photoLengthMax || /[\s\\]|\p{Cc}/u.test(value) || !value.isWellFormed()) return wrong;
  if (/^[a-z][a-z0-9+.-]*:/i.test(value)) {
    return URL.parse(value)?.protocol === 'https:' && /^https:\/\//i.test(value) ? value : wrong;
  }
  return value.startsWith('//') || value.split('/').includes('..') ? wrong : value;
}

function readAllergens(value: string): readonly string[] | Wrong {
  const codes = [...new Set(value.split('|').map((part) => part.trim()))].filter((part) => part !== '');
  const unknown = codes.filter((part) => !isAllergen(part));
  if (unknown.length === 0) return codes;
  return new Wrong(`${unknown.map(quoted).join(', ')} not known; known are ${Object.keys(ALLERGENS).join(', ')}`);
}

function readYesNo(value: string): boolean | Wrong {
  const lower = value.toLowerCase();
  if (lower === 'yes' || lower === 'no') return lower === 'yes';
  return new Wrong(`${quoted(value)} is neither yes nor no`);
}

const ITEM: readonly Kind[] = ['item'];
const GROUP: readonly Kind[] = ['group'];
const PRICED: readonly Kind[] = ['item', 'option'];
const { nameLengthMax, descriptionLengthMax, stationLengthMax, choicesMax } = FILE_BOUNDS;
const description = { kinds: ITEM, required: [], empty: null, ...text(descriptionLengthMax, LINES) } as const;

/** Every column besides `kind` and `code`, in the order in which a file is written. */
export const COLUMNS: { readonly [C in keyof MenuValues]: Column<MenuValues[C]> } = {
  name_ko: { json: ['name', 'ko'], kinds: KINDS, required: KINDS, ...text(nameLengthMax) },
  name_en: { json: ['name', 'en'], kinds: KINDS, required: [], empty: '', ...text(nameLengthMax) },
  price: { json: ['price'], kinds: PRICED, required: ITEM, empty: 0, ...number(0, ITEM_PRICE_MAX) },
  station: { json: ['station'], kinds: ITEM, required: ITEM, ...code(stationLengthMax) },
  allergens: {
    json: ['allergens'],
    kinds: ITEM,
    required: [],
    empty: [],
    type: 'list',
    read: readAllergens,
    write: (codes) => codes.join('|'),
  },
  photo: { json: ['photo'], kinds: ITEM, required: [], empty: null, ...text(0), read: readPhoto },
  description_ko: { json: ['description', 'ko'], ...description },
  description_en: { json: ['description', 'en'], ...description },
  daily_limit: { json: ['dailyLimit'], kinds: ITEM, required: [], empty: null, ...number(0, ITEM_REMAINING_MAX) },
  sold_out: {
    json: ['soldOut'],
    kinds: PRICED,
    required: [],
    empty: false,
    type: 'boolean',
    read: readYesNo,
    write: (soldOut) => (soldOut ? 'yes' : 'no'),
  },
  min: { json: ['min'], kinds: GROUP, required: GROUP, ...number(0, choicesMax) },
  max: { json: ['max'], kinds: GROUP, required: GROUP, ...number(1, choicesMax) },
};

export type ColumnName = keyof MenuValues;
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
export const HEADER = ['kind', 'code', ...COLUMN_NAMES] as const;

export const readCode = code(FILE_BOUNDS.codeLengthMax).read;
