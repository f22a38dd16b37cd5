import { ALLERGENS, isAllergen } from '../../contract/allergens.ts';
import { composed } from '../../contract/composed.ts';
import { DISH_ATTRIBUTE_NAMES, type DishAttributeName, dishAttribute } from '../../contract/dish-attributes.ts';
import { ITEM_PRICE_MAX, ITEM_REMAINING_MAX } from '../../contract/menu.ts';
import { readHours } from '../hours/read-hours.ts';
import { FILE_BOUNDS } from './bounds.ts';
import { type ColumnName, KINDS, type Kind, type MenuValues } from './menu-file.ts';
import { byName, plainValue } from './plain-name.ts';
import { type Reading, readCount, readPrice, readStation, readYesNo, Wrong, writePrice } from './read-values.ts';
import { textFault } from './text-faults.ts';
import { quoted, type Words } from './words.ts';

export interface Column<T> {
  /** Where the JSON form has it: names of nested keys. */
  readonly json: readonly [string] | readonly [string, string];
  /** What the JSON form has there. */
  readonly type: 'text' | 'number' | 'boolean' | 'list' | 'code';
  readonly kinds: readonly Kind[];
  /** Kinds that must fill it in a whole menu. */
  readonly required: readonly Kind[];
  /** What an empty cell means for the other kinds. */
  readonly empty?: T;
  /** Reads a cell that is neither empty nor padded. */
  readonly read: (text: string, reading: Reading) => T | Wrong;
  readonly write: (value: T, currency: string) => string;
}

const number = (min: number, max: number) => ({
  type: 'number' as const,
  read: readCount(min, max),
  write: (value: number | null) => (value === null ? '' : String(value)),
});

const CONTROL: Words = { en: 'holds a control character or line break', ko: '줄바꿈이나 제어 문자가 있어요' };

const text = (lengthMax: number, allowed = /^\P{Cc}*$/u, what = CONTROL) => ({
  type: 'text' as const,
  read: (written: string) => {
    const value = composed(written);
    if (value.length > lengthMax) {
      return new Wrong({
        en: `has ${value.length} characters, at most ${lengthMax} are allowed`,
        ko: `${value.length}자예요. ${lengthMax}자까지 쓸 수 있어요`,
      });
    }
    if (!value.isWellFormed()) {
      return new Wrong({ en: `${quoted(value)} holds half a character`, ko: `${quoted(value)}에 반쪽 글자가 있어요` });
    }
    const fault = textFault(value);
    if (fault) return new Wrong(fault);
    if (allowed.test(value)) return value;
    return new Wrong({ en: `${quoted(value)} ${what.en}`, ko: `${quoted(value)}: ${what.ko}` });
  },
  write: (value: string | null) => value ?? '',
});

const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const NO_CODE: Words = {
  en: 'is no code: small letters a to z, digits, and single hyphens between them',
  ko: '코드가 아니에요. 영어 소문자, 숫자, 그 사이의 - 하나만 쓸 수 있어요',
};
const code = (lengthMax: number) => text(lengthMax, CODE, NO_CODE);

/** A description may have several lines. */
const LINES = /^[\P{Cc}\n]*$/u;

/** A path of this server, or an https address, from which this server takes a copy: guests load nothing from elsewhere. */
function readPhoto(value: string): string | Wrong {
  const wrong = new Wrong({
    en: `${quoted(value)} is neither an https address nor a path`,
    ko: `${quoted(value)}은(는) https 주소도 경로도 아니에요`,
  });
  if (value.length > FILE_BOUNDS.photoLengthMax || /[\s\\]|\p{Cc}/u.test(value) || !value.isWellFormed()) return wrong;
  if (/^[a-z][a-z0-9+.-]*:/i.test(value)) {
    return URL.parse(value)?.protocol === 'https:' && /^https:\/\//i.test(value) ? value : wrong;
  }
  return value.startsWith('//') || value.split('/').includes('..') ? wrong : value;
}

/** Codes by every name that people write. */
const ALLERGEN_NAMES = new Map(
  Object.entries(ALLERGENS).flatMap(([code, names]) =>
    [code, names.ko, names.ko.replace(/\(.*\)/, ''), names.en].map((name) => [name.toLowerCase(), code] as const),
  ),
);

function readAllergens(value: string): readonly string[] | Wrong {
  const parts = value.split(/[|,、·/]/).map((part) => part.trim());
  const codes = [...new Set(parts.map((part) => ALLERGEN_NAMES.get(part.toLowerCase()) ?? part))].filter(
    (part) => part !== '',
  );
  const unknown = codes.filter((part) => !isAllergen(part)).map(quoted);
  if (unknown.length === 0) return codes;
  const names = Object.values(ALLERGENS).map(({ ko }) => ko);
  return new Wrong({
    en: `${unknown.join(', ')} not known; known are ${Object.keys(ALLERGENS).join(', ')}`,
    ko: `${unknown.join(', ')}은(는) 모르는 알레르기예요. 쓸 수 있는 것: ${names.join(', ')}`,
  });
}

/** One of the values that are declared, by its code or by its name in any language. */
function attributeColumn(attribute: DishAttributeName): Column<string | null> {
  const values = Object.entries(dishAttribute(attribute).values);
  const codes = byName(
    values.flatMap(([code, names]) => [code, ...Object.values(names)].map((name) => [name, code] as const)),
    plainValue,
  );
  return {
    json: [attribute],
    type: 'code',
    kinds: ITEM,
    required: [],
    empty: null,
    read: (written) =>
      codes.get(plainValue(written)) ??
      new Wrong({
        en: `${quoted(written)} is none of ${values.map(([code]) => code).join(', ')}`,
        ko: `${quoted(written)}은(는) 쓸 수 없어요. 쓸 수 있는 것: ${values.map(([, { ko }]) => ko).join(', ')}`,
      }),
    write: (value) => value ?? '',
  };
}

const station = code(FILE_BOUNDS.stationLengthMax);

const ITEM: readonly Kind[] = ['item'];
const GROUP: readonly Kind[] = ['group'];
const PRICED: readonly Kind[] = ['item', 'option'];
const { nameLengthMax, descriptionLengthMax, originLengthMax, stationLengthMax, choicesMax } = FILE_BOUNDS;
const origin = { kinds: ITEM, required: [], empty: null, ...text(originLengthMax) } as const;
const description = { kinds: ITEM, required: [], empty: null, ...text(descriptionLengthMax, LINES) } as const;

/** Every column besides `kind` and `code`, in the order in which a file is written. */
export const COLUMNS: { readonly [C in keyof MenuValues]: Column<MenuValues[C]> } = {
  name_ko: { json: ['name', 'ko'], kinds: KINDS, required: KINDS, ...text(nameLengthMax) },
  name_en: { json: ['name', 'en'], kinds: KINDS, required: [], empty: '', ...text(nameLengthMax) },
  price: {
    json: ['price'],
    type: 'number',
    kinds: PRICED,
    required: ITEM,
    empty: 0,
    read: (written, reading) => readPrice(written, reading, ITEM_PRICE_MAX),
    write: writePrice,
  },
  station: {
    json: ['station'],
    kinds: ITEM,
    required: ITEM,
    ...station,
    read: (written) => station.read(readStation(written, stationLengthMax) || written),
  },
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
  origin_ko: { json: ['origin', 'ko'], ...origin },
  origin_en: { json: ['origin', 'en'], ...origin },
  age_check: {
    json: ['ageCheck'],
    kinds: ITEM,
    required: [],
    empty: false,
    type: 'boolean',
    read: readYesNo,
    write: (ageCheck) => (ageCheck ? 'yes' : 'no'),
  },
  hours: {
    json: ['hours'],
    kinds: ['category', 'item'],
    required: [],
    empty: null,
    ...text(0),
    read: (written) =>
      readHours(written) ??
      new Wrong({
        en: `${quoted(written)} is not like mon-fri 11:00-14:30, sat 10:00-15:00`,
        ko: `${quoted(written)}은(는) '월-금 11:00-14:30, 토 10:00-15:00'처럼 적은 시간이 아니에요`,
      }),
  },
  ...(Object.fromEntries(DISH_ATTRIBUTE_NAMES.map((name) => [name, attributeColumn(name)])) as {
    readonly [A in DishAttributeName]: Column<string | null>;
  }),
};

export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
export const HEADER = ['kind', 'code', ...COLUMN_NAMES] as const;

export const readCode = code(FILE_BOUNDS.codeLengthMax).read;
