import { type FieldProblem, isBusinessNumber, type StoreChange, type StoreLanguage } from '../contract/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { isUuid } from '../platform/id.ts';
import { codeOfStation } from './code-of-station.ts';
import { SLUG } from './directory.ts';

const SLUG_ALLOWED = 'a-z, 0-9 and -, beginning with a letter or number, at most 63';

/** Names as IANA has them: an offset such as +09:00 means the opposite to Postgres, and an abbreviation is of several places. */
const TIME_ZONE = /^(UTC|[A-Z][A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/;

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** What there is of a store's settings, in the way in which it is kept. */
export interface CheckedSettings {
  readonly name?: { readonly ko: string; readonly en: string };
  readonly timeZone?: string;
  readonly currency?: string;
  readonly dayStartsHour?: number;
  readonly tableNames?: readonly string[];
  readonly hours?: StoreChange['hours'];
  readonly daysOff?: readonly string[];
  readonly prepMinutes?: number;
  readonly stations?: readonly string[];
  readonly languages?: readonly StoreLanguage[];
  readonly tableLinks?: StoreChange['tableLinks'];
  readonly visitCode?: boolean;
  readonly tableLimits?: StoreChange['tableLimits'];
  readonly discountMax?: StoreChange['discountMax'];
  readonly business?: StoreChange['business'];
  readonly payFirst?: boolean;
}

/** @throws Problem `invalid` unless it is a name for addresses; one that looks like an id would be taken for one */
export function checkSlug(field: string, slug: string): string {
  if (SLUG.test(slug) && !isUuid(slug)) return slug;
  throw refuse([{ field, problem: 'is no name for addresses', allowed: SLUG_ALLOWED }]);
}

/**
 * What a schema cannot say of a store's settings: texts that people can read and Postgres can hold, zones and currencies that exist,
 * lists without doubles. Pure.
 * @throws Problem `invalid` with every field that is wrong
 */
export function checkSettings(asked: StoreChange): CheckedSettings {
  const wrong: FieldProblem[] = [];
  const name = asked.name && checkName('name', asked.name, wrong);
  const tableNames = asked.tables === undefined ? undefined : checkTables(asked.tables, wrong);
  const stations = asked.stations && checkTexts('stations', asked.stations, wrong, codeOfStation);
  if (asked.timeZone !== undefined && !isTimeZone(asked.timeZone)) {
    wrong.push({ field: 'timeZone', problem: 'is no time zone', allowed: 'a name such as Asia/Seoul or UTC' });
  }
  if (asked.currency !== undefined && !CURRENCIES.has(asked.currency)) {
    wrong.push({ field: 'currency', problem: 'is no currency', allowed: 'three letters of ISO 4217, such as KRW' });
  }
  for (const [index, { from, to }] of (asked.hours ?? []).entries()) {
    if (from !== to) continue;
    wrong.push({
      field: `hours[${index}].to`,
      problem: 'is when it begins',
      allowed: 'another time; all day is 00:00 to 24:00',
    });
  }
  if (asked.business) checkBusiness(asked.business, wrong);
  if (wrong.length > 0) throw refuse(wrong);
  const { tables: _, ...rest } = asked;
  return {
    ...rest,
    ...(name && { name }),
    ...(tableNames && { tableNames }),
    ...(stations && { stations }),
    ...(asked.daysOff && { daysOff: [...new Set(asked.daysOff)].sort() }),
    ...(asked.languages && { languages: [...new Set(asked.languages)] }),
  };
}

/** Ten digits are a Korean number, whose last is a check digit; other countries have others. */
function checkBusiness(business: NonNullable<StoreChange['business']>, wrong: FieldProblem[]): void {
  for (const [key, text] of Object.entries(business)) {
    if (typeof text === 'string' && (!isReadable(text) || !text.trim())) {
      wrong.push({ field: `business.${key}`, problem: 'is empty or cannot be read', allowed: 'plain text' });
    }
  }
  const { number } = business;
  if (/^[\d-]+$/.test(number) && number.replaceAll('-', '').length === 10 && !isBusinessNumber(number)) {
    wrong.push({
      field: 'business.number',
      problem: 'is mistyped: its last digit does not fit',
      allowed: '000-00-00000',
    });
  }
}

/** One of the two is enough. @throws Problem `invalid` */
export function checkBrandName(name: { readonly ko: string; readonly en: string }): { ko: string; en: string } {
  const wrong: FieldProblem[] = [];
  const checked = checkName('brand.name', name, wrong);
  if (wrong.length > 0) throw refuse(wrong);
  return checked;
}

const refuse = (fields: readonly FieldProblem[]): Problem =>
  new Problem('invalid', { detail: fields.map(({ field, problem }) => `${field}: ${problem}`).join('; '), fields });

function checkName(
  field: string,
  { ko, en }: { readonly ko: string; readonly en: string },
  wrong: FieldProblem[],
): { ko: string; en: string } {
  for (const [language, text] of Object.entries({ ko, en })) {
    if (!isReadable(text)) {
      wrong.push({
        field: `${field}.${language}`,
        problem: 'has a character that cannot be read',
        allowed: 'plain text',
      });
    }
  }
  const name = { ko: ko.trim(), en: en.trim() };
  if (!name.ko && !name.en)
    wrong.push({ field: `${field}.ko`, problem: 'is empty', allowed: 'a name in one language at least' });
  return { ko: name.ko || name.en, en: name.en || name.ko };
}

function checkTables(tables: number | readonly string[], wrong: FieldProblem[]): string[] {
  if (typeof tables === 'number') return Array.from({ length: tables }, (_, index) => String(index + 1));
  return checkTexts('tables', tables, wrong);
}

/** @param sameAs what makes two of them one */
function checkTexts(
  field: string,
  texts: readonly string[],
  wrong: FieldProblem[],
  sameAs: (text: string) => string = (text) => text,
): string[] {
  const found = new Map<string, string>();
  for (const [index, text] of texts.entries()) {
    const trimmed = text.trim();
    const at = `${field}[${index}]`;
    if (!trimmed) wrong.push({ field: at, problem: 'is empty', allowed: 'a name' });
    else if (!isReadable(text))
      wrong.push({ field: at, problem: 'has a character that cannot be read', allowed: 'plain text' });
    else if (found.has(sameAs(trimmed))) {
      wrong.push({ field: at, problem: 'is there twice', allowed: 'each only once' });
    }
    found.set(sameAs(trimmed), trimmed);
  }
  return [...found.values()];
}

const isReadable = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

function isTimeZone(name: string): boolean {
  if (!TIME_ZONE.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
