import { stationCode } from '../../../contract/station-names.ts';
import { codeOf } from '../../../platform/code-of.ts';
import { quoted, type Words } from '../words.ts';

/** What a cell's reader returns instead of a value. */
export class Wrong {
  readonly what: Words;
  constructor(what: Words) {
    this.what = what;
  }
}

/** How a file's numbers are meant. */
export interface Reading {
  /** ISO 4217; a table has prices in its main unit, such as 12.50 dollars. */
  readonly currency: string;
  /** The nested form has prices as the API has them: whole numbers of the currency's smallest unit. */
  readonly exact: boolean;
}

/** Digits after the point: none for won, two for dollars. */
export function minorDigits(currency: string): number {
  let digits = kept.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
    kept.set(currency, digits);
  }
  return digits;
}
/** A formatter costs more to make than a whole file's prices to read; stores have few currencies, each checked when it was set. */
const kept = new Map<string, number>();

const squeezed = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/g, '');

/** A number with or without commas between thousands, and zeros after a point where a spreadsheet put them. */
const WHOLE = /^(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.0+)?$/;
const WITH_POINT = /^(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d+))?$/;
const WITH_COMMA = /^(\d{1,3}(?:\.\d{3})+|\d{1,12}),(\d+)$/;

function wholeIn(text: string): number | undefined {
  const found = WHOLE.exec(text);
  return found ? Number(found[1]!.replaceAll(',', '')) : undefined;
}

/** A whole number of these bounds, with or without its counting word (3개, 2인분). */
export function readCount(min: number, max: number) {
  return (written: string): number | Wrong => {
    const value = wholeIn(squeezed(written).replace(/(개|인분|명|분)$/, ''));
    if (value !== undefined && value >= min && value <= max) return value;
    return new Wrong(wholeWords(written, min, max));
  };
}

const wholeWords = (written: string, min: number, max: number): Words => ({
  en: `${quoted(written)} is not a whole number from ${min} to ${max}`,
  ko: `${quoted(written)}은(는) ${min}부터 ${max}까지의 정수가 아니에요`,
});

/** A price as people write it: `9500`, `9,500원`, `₩9,500`, `5000.0`, `$12.50`, `12,50`. @returns the smallest unit of the currency */
export function readPrice(written: string, { currency, exact }: Reading, max: number): number | Wrong {
  const digits = exact ? 0 : minorDigits(currency);
  const text = exact ? written : squeezed(written).replace(/^(?:\p{Sc}|[A-Z]{3})|(?:\p{Sc}|[A-Z]{3}|원)$/u, '');
  const value = digits === 0 ? wholeIn(text) : minorIn(text, digits);
  if (value !== undefined && value <= max) return value;
  if (digits === 0) return new Wrong(wholeWords(written, 0, max));
  const top = (max / 10 ** digits).toFixed(digits);
  const example = (1250 / 10 ** digits).toFixed(digits);
  return new Wrong({
    en: `${quoted(written)} is not an amount from 0 to ${top}, such as ${example}`,
    ko: `${quoted(written)}은(는) 0부터 ${top}까지의 금액이 아니에요(예: ${example})`,
  });
}

function minorIn(text: string, digits: number): number | undefined {
  const found = WITH_POINT.exec(text) ?? WITH_COMMA.exec(text);
  if (!found) return undefined;
  const [, units = '', rest = ''] = found;
  const parts = rest.replace(/0+$/, '');
  if (parts.length > digits) return undefined;
  return Number(units.replaceAll(/[.,]/g, '')) * 10 ** digits + Number(parts.padEnd(digits, '0'));
}

/** As {@link readPrice} reads it. */
export function writePrice(value: number, currency: string): string {
  const digits = minorDigits(currency);
  return digits === 0 ? String(value) : (value / 10 ** digits).toFixed(digits);
}

const YES = new Set([
  'yes',
  'y',
  'true',
  't',
  '1',
  'o',
  '○',
  '예',
  '네',
  '참',
  '품절',
  '있음',
  '주류',
  '성인',
  'soldout',
]);
const NO = new Set([
  'no',
  'n',
  'false',
  'f',
  '0',
  'x',
  '×',
  '아니오',
  '아니요',
  '거짓',
  '판매중',
  '판매',
  '없음',
  'onsale',
]);

/** Yes and no in the words and signs that menus have, such as 품절, O and X. */
export function readYesNo(written: string): boolean | Wrong {
  const text = squeezed(written).toLowerCase();
  if (YES.has(text)) return true;
  if (NO.has(text)) return false;
  return new Wrong({
    en: `${quoted(written)} is neither yes nor no`,
    ko: `${quoted(written)}은(는) 예도 아니오도 아니에요(예: yes, no, 품절, O, X)`,
  });
}

/** A station's code, or a name that becomes one. */
export const readStation = (written: string, lengthMax: number): string =>
  stationCode(written, (name) => codeOf(name, lengthMax));
