import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALLERGENS, type Allergen } from '../../contract/allergens.ts';
import { columnNameOf } from '../../contract/column-name.ts';
import { DISH_ATTRIBUTE_NAMES, dishAttribute } from '../../contract/dish-attributes.ts';
import { DISH_FIELD_NAMES, dishField } from '../../contract/dish-fields.ts';
import { textFault } from './columns/text-faults.ts';
import type { MenuRow, MenuValues } from './menu-file.ts';
import { type Format, parseMenu } from './parse/parse-menu.ts';
import { writeCsv } from './write/write-csv.ts';
import { writeJson } from './write/write-json.ts';

const DEMO = new URL('../../../demo/', import.meta.url);
const WRITERS: Record<Format, (rows: readonly MenuRow[]) => string> = { csv: writeCsv, json: writeJson };
const place = { row: 0 };

const printable = (text: string) => text.trim() === text && text.isWellFormed() && !/\p{Cc}/u.test(text);
const name = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  // What is not composed is composed when it comes in.
  .map((text) => text.normalize('NFC'))
  // Letters that were lost or encoded twice are in no menu: they are refused wherever it is changed.
  .filter((text) => printable(text) && text !== '' && textFault(text) === undefined);
const nameOrNone = fc.oneof(fc.constant(''), name);
// Quotes, commas and line breaks are what a table may stumble over.
const lines = fc
  .array(fc.constantFrom('가', '"', ',', '\n', "'", ' ', '=', '+', '-', '@'), { maxLength: 12 })
  .map((parts) => parts.join('').trim());
const description = fc.record({ ko: lines, en: lines }).map(({ ko, en }) => ({
  description_ko: ko || null,
  description_en: (ko && en) || null,
}));
const unique = <T>(value: fc.Arbitrary<T>, maxLength: number, minLength = 0) =>
  fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z0-9]{1,8}$/), value), {
    selector: ([code]) => code,
    minLength,
    maxLength,
  });

const option = fc.record({ name_ko: name, name_en: nameOrNone, price: fc.nat(10_000_000), sold_out: fc.boolean() });
const group = fc.record({ values: fc.record({ name_ko: name, name_en: nameOrNone }), options: unique(option, 3, 1) });
/** Whatever is declared of dishes: a field, or one of an attribute's values. */
const declared = Object.fromEntries<fc.Arbitrary<boolean | number | string | null>>([
  ...DISH_FIELD_NAMES.map((name) => {
    const field = dishField(name);
    return [columnNameOf(name), field.type === 'flag' ? fc.boolean() : fc.option(fc.integer(field))] as const;
  }),
  ...DISH_ATTRIBUTE_NAMES.map(
    (name) => [columnNameOf(name), fc.constantFrom(null, ...Object.keys(dishAttribute(name).values))] as const,
  ),
]);
const item = fc.record({
  values: fc.record({
    name_ko: name,
    name_en: nameOrNone,
    price: fc.nat(10_000_000),
    station: fc.constantFrom('soup', 'cold-2'),
    allergens: fc.uniqueArray(fc.constantFrom(...(Object.keys(ALLERGENS) as Allergen[]))),
    photo: fc.constantFrom(null, 'https://example.com/a.jpg?b="c",d', 'photos/kimchi.jpg'),
    sold_out: fc.boolean(),
    hours: fc.constantFrom(null, 'mon-fri 11:00-14:30', 'mon-sun 17:00-02:00, sat 09:00-24:00'),
    origin_ko: fc.option(name),
    origin_en: fc.constant(null),
    ...declared,
  }),
  description,
  groups: unique(group, 2),
});
type Item = typeof item extends fc.Arbitrary<infer T> ? T : never;

const menu = unique(
  fc.record({
    values: fc.record({
      name_ko: name,
      name_en: nameOrNone,
      hours: fc.constantFrom(null, 'sat-sun 09:00-24:00'),
    }),
    size: fc.nat(3),
  }),
  3,
  1,
).chain((categories) =>
  unique(item, 9).map((items) => {
    const rows: MenuRow[] = [];
    const rest = [...items];
    for (const [code, { values, size }] of categories) {
      rows.push({ kind: 'category', code, category: null, item: null, group: null, values, place });
      for (const [itemCode, dish] of rest.splice(0, size)) pushItem(rows, code, itemCode, dish);
    }
    return rows;
  }),
);

function pushItem(rows: MenuRow[], category: string, code: string, dish: Item): void {
  rows.push({
    kind: 'item',
    code,
    category,
    item: null,
    group: null,
    values: { ...dish.values, ...dish.description },
    place,
  });
  for (const [groupCode, { values, options }] of dish.groups) {
    const choices = { min: 0, max: options.length };
    rows.push({
      kind: 'group',
      code: groupCode,
      category: null,
      item: code,
      group: null,
      values: { ...values, ...choices },
      place,
    });
    for (const [optionCode, option] of options) {
      rows.push({
        kind: 'option',
        code: optionCode,
        category: null,
        item: code,
        group: groupCode,
        values: option,
        place,
      });
    }
  }
}

/** The order of an object's fields is no part of what it says. */
const said = (rows: readonly MenuRow[]) =>
  rows.map(({ place: _, values, ...row }) => ({ ...row, values: { ...values } satisfies Partial<MenuValues> }));

for (const format of ['csv', 'json'] as const) {
  test(`whatever a menu says, its ${format} form says it too, and is written the same again`, () => {
    fc.assert(
      fc.property(menu, (rows) => {
        const text = WRITERS[format](rows);
        const read = parseMenu(Buffer.from(text), { format, partial: false }).rows;
        assert.deepEqual(said(read), said(rows));
        assert.equal(WRITERS[format](read), text);
      }),
      { numRuns: 200 },
    );
  });

  test(`no bytes make the ${format} reader fail otherwise than with a MenuFileError`, () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.json().map((json) => Buffer.from(json)),
          fc.string().map((text) => Buffer.from(`kind,code,name_ko\n${text}`)),
        ),
        fc.boolean(),
        (bytes, partial) => {
          try {
            parseMenu(bytes, { format, partial });
          } catch (error) {
            assert.equal((error as Error).name, 'MenuFileError');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
}

test('the files that ship are in the normal form, so that an export can be compared with them', () => {
  const csv = readFileSync(new URL('menu.csv', DEMO));
  assert.equal(writeCsv(parseMenu(csv, { format: 'csv', partial: false }).rows), csv.toString());
  const json = readFileSync(new URL('sample-menu.json', DEMO));
  assert.equal(writeJson(parseMenu(json, { format: 'json', partial: false }).rows), json.toString());
});
