import { ALLERGENS, isAllergen } from '../../../contract/allergens.ts';
import { composed } from '../../../contract/composed.ts';
import { type DishAttributeName, dishAttribute } from '../../../contract/dish-attributes.ts';
import { type DishFieldName, dishField } from '../../../contract/dish-fields.ts';
import { byName, plainValue } from '../../../contract/plain-name.ts';
import { FILE_BOUNDS } from '../bounds.ts';
import type { Kind } from '../menu-file.ts';
import { quoted, type Words } from '../words.ts';
import { type Reading, readCount, readYesNo, Wrong } from './read-values.ts';
import { textFault } from './text-faults.ts';

export interface Column<T> {
  /** What the JSON form has. */
  readonly type: 'text' | 'number' | 'boolean' | 'list' | 'code';
  readonly kinds: readonly Kind[];
  /** Kinds that must fill it in a whole menu. */
  readonly required: readonly Kind[];
  /** What an empty cell means for the other kinds. */
  readonly empty?: T;
  /** Exports have it only where a row says something: a column that is new changes no export of a menu that does not use it. */
  readonly isOptional?: true;
  /** Reads a cell that is neither empty nor padded. */
  readonly read: (text: string, reading: Reading) => T | Wrong;
  readonly write: (value: T, currency: string) => string;
}

export const number = (min: number, max: number) => ({
  type: 'number' as const,
  read: readCount(min, max),
  write: (value: number | null) => (value === null ? '' : String(value)),
});

const CONTROL: Words = { en: 'holds a control character or line break', ko: '줄바꿈이나 제어 문자가 있어요' };

export const text = (lengthMax: number, allowed = /^\P{Cc}*$/u, what = CONTROL) => ({
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
export const code = (lengthMax: number) => text(lengthMax, CODE, NO_CODE);

/** A description may have several lines. */
export const LINES = /^[\P{Cc}\n]*$/u;

/** A path of this server, or an https address, from which this server takes a copy: guests load nothing from elsewhere. */
export function readPhoto(value: string): string | Wrong {
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

/** Codes or Korean or English names, parted by any sign that people use. */
export function readAllergens(value: string): readonly string[] | Wrong {
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
export function attributeColumn(attribute: DishAttributeName): Column<string | null> {
  const values = Object.entries(dishAttribute(attribute).values);
  const codes = byName(
    values.flatMap(([code, names]) => [code, ...Object.values(names)].map((name) => [name, code] as const)),
    plainValue,
  );
  return {
    type: 'code',
    kinds: ['item'],
    required: [],
    empty: null,
    isOptional: true,
    read: (written) =>
      codes.get(plainValue(written)) ??
      new Wrong({
        en: `${quoted(written)} is none of ${values.map(([code]) => code).join(', ')}`,
        ko: `${quoted(written)}은(는) 쓸 수 없어요. 쓸 수 있는 것: ${values.map(([, { ko }]) => ko).join(', ')}`,
      }),
    write: (value) => value ?? '',
  };
}

export const yesNo = {
  type: 'boolean' as const,
  read: readYesNo,
  write: (value: boolean) => (value ? 'yes' : 'no'),
};

/** A number or a yes, as it is declared. */
export function fieldColumn(name: DishFieldName): Column<number | null> | Column<boolean> {
  const field = dishField(name);
  const ofDish = { kinds: ['item'], required: [], isOptional: true } as const;
  return field.type === 'flag'
    ? { ...ofDish, empty: false, ...yesNo }
    : { ...ofDish, empty: null, ...number(field.min, field.max) };
}
