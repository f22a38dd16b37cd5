import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonPathOf } from '../../../contract/column-name.ts';
import { ITEM_PRICE_MAX } from '../../../contract/menu.ts';
import { COLUMNS, columnsOf } from '../columns/columns.ts';
import { MenuFileError } from '../menu-file-error.ts';
import { type Format, parseMenu } from './parse-menu.ts';

/** Whatever is declared besides the columns that every file has had. */
const LATER = columnsOf('item').filter((column) => COLUMNS[column].isOptional);
const HEADER =
  'kind,code,name_ko,price,station,daily_limit,sold_out,min,max,allergens,photo,description_ko,description_en';
/** Its rows are 2 and 3; a test's own begin at 4. */
const STEW = `${HEADER}\ncategory,stews,찌개\nitem,kimchi,김치찌개,9000,soup\n`;

function read(
  file: string | Uint8Array,
  { format = 'csv', partial = false }: { format?: Format; partial?: boolean } = {},
) {
  return parseMenu(typeof file === 'string' ? Buffer.from(file) : file, { format, partial });
}

function problemsOf(...args: Parameters<typeof read>): string[] {
  try {
    read(...args);
  } catch (error) {
    assert.ok(error instanceof MenuFileError, String(error));
    for (const { where, what } of error.problems) {
      assert.ok(/[가-힣]/.test(what.ko), `no Korean for: ${what.en}`);
      assert.ok(where.ko.length > 0);
    }
    return error.problems.map(({ where, what }) => `${where.en}: ${what.en}`);
  }
  return [];
}

test('a row belongs to what stands above it', () => {
  const { rows } = read(
    `${STEW}group,spice,맵기,,,,,1,1\noption,mild,순한맛\noption,hot,매운맛,500\nitem,doenjang,된장찌개,8000,soup\n`,
  );
  assert.deepEqual(
    rows.map(({ kind, code, category, item, group }) => [kind, code, category, item, group]),
    [
      ['category', 'stews', null, null, null],
      ['item', 'kimchi', 'stews', null, null],
      ['group', 'spice', null, 'kimchi', null],
      ['option', 'mild', null, 'kimchi', 'spice'],
      ['option', 'hot', null, 'kimchi', 'spice'],
      ['item', 'doenjang', 'stews', null, null],
    ],
  );
  assert.deepEqual(rows[1]!.values, {
    name_ko: '김치찌개',
    name_en: '',
    price: 9000,
    station: 'soup',
    allergens: [],
    photo: null,
    description_ko: null,
    description_en: null,
    daily_limit: null,
    sold_out: false,
    origin_ko: null,
    origin_en: null,
    age_check: false,
    hours: null,
    ...Object.fromEntries(LATER.map((column) => [column, COLUMNS[column].empty])),
  });
  assert.deepEqual(rows[3]!.values, { name_ko: '순한맛', name_en: '', price: 0, sold_out: false });
});

test('columns may stand in any order, with a byte order mark, Windows line ends, blanks and empty rows', () => {
  const file =
    '\uFEFFstation,price,name_ko,code,kind\r\n,,찌개,stews,category\r\n\r\n,,,,\r\n soup , 9000 ,"김치, 찌개", kimchi ,item\r\n';
  const { rows } = read(file);
  assert.equal(rows[1]!.values.name_ko, '김치, 찌개');
  assert.equal(rows[1]!.values.price, 9000);
  assert.equal(rows[1]!.place.row, 5);
});

const badRows: readonly [row: string, ...problems: string[]][] = [
  ["item,a,가,'9,soup", "row 4, column price: ''9' is not a whole number from 0 to 10000000"],
  ['item,a,가,"9,00",soup', "row 4, column price: '9,00' is not a whole number from 0 to 10000000"],
  ['item,a,가,9.500,soup', "row 4, column price: '9.500' is not a whole number from 0 to 10000000"],
  ['item,a,가,시가,soup', "row 4, column price: '시가' is not a whole number from 0 to 10000000"],
  [
    'item,a,=A1&B1,1,soup',
    "row 4, column name_ko: '=A1&B1' is a formula; paste its value (or write '= for a name that begins so)",
  ],
  ['item,a,가,#REF!,soup', "row 4, column price: '#REF!' is a spreadsheet's error; correct its formula"],
  [
    'item,a,ê¹€ì¹˜,1,soup',
    "row 4, column name_ko: 'ê¹€ì¹˜' was encoded twice and should be '김치'; open the first file as UTF-8 and save it again",
  ],
  [
    'item,a,김\uFFFD,1,soup',
    "row 4, column name_ko: '김\uFFFD' holds letters that were lost when the file was saved; save it again as 'CSV UTF-8' or .xlsx",
  ],
  ['item,a,가,-1,soup', "row 4, column price: '-1' is not a whole number from 0 to 10000000"],
  ['item,a,가,1.5,soup', "row 4, column price: '1.5' is not a whole number from 0 to 10000000"],
  [`item,a,가,${ITEM_PRICE_MAX + 1},soup`, "row 4, column price: '10000001' is not a whole number from 0 to 10000000"],
  ['item,a,가,,soup', 'row 4, column price: is needed'],
  ['item,a,,1,soup', 'row 4, column name_ko: is needed'],
  ['item,a,가,1', 'row 4, column station: is needed'],
  ['item,,,1,soup', 'row 4, column code: is needed', 'row 4, column name_ko: is needed'],
  [
    'item,Kimchi_1,가,1,soup',
    "row 4, column code: 'Kimchi_1' is no code: small letters a to z, digits, and single hyphens between them",
  ],
  ['item,kimchi,가,1,soup', "row 4, column code: the item 'kimchi' is there already, in row 3"],
  ['category,stews,가', "row 4, column code: the category 'stews' is there already, in row 2"],
  ['item,a,가,1,soup,100001', "row 4, column daily_limit: '100001' is not a whole number from 0 to 100000"],
  ['item,a,가,1,soup,,maybe', "row 4, column sold_out: 'maybe' is neither yes nor no"],
  ['item,a,가,1,soup,,,2', 'row 4, column min: a row of kind item has no min'],
  ['dish,a,가,1,soup', "row 4, column kind: 'dish' is none of category, item, group, option"],
  [',a,가,1,soup', 'row 4, column kind: is needed'],
  ['option,a,가', 'row 4: this option has no group above it'],
  [
    'item,a,가,1,soup,,,,,,javascript:alert(1)',
    "row 4, column photo: 'javascript:alert(1)' is neither an https address nor a path",
  ],
  [
    'item,a,가,1,soup,,,,,,http://example.com/x.png',
    "row 4, column photo: 'http://example.com/x.png' is neither an https address nor a path",
  ],
  ['item,a,가,1,soup,,,,,,//evil/x.png', "row 4, column photo: '//evil/x.png' is neither an https address nor a path"],
  ['item,a,가,1,soup,,,,,,../../etc/x', "row 4, column photo: '../../etc/x' is neither an https address nor a path"],
  ['item,a,가,1,soup,,,,,,,,Only English', 'row 4, column description_ko: is needed where there is an English one'],
  [`item,a,${'가'.repeat(101)},1,soup`, 'row 4, column name_ko: has 101 characters, at most 100 are allowed'],
  ['item,a,가\u0007,1,soup', "row 4, column name_ko: '가 ' holds a control character or line break"],
  ['item,a,"가\n나",1,soup', "row 4, column name_ko: '가 나' holds a control character or line break"],
  ['item,a,가,1,soup,,,,,,,,,extra', 'row 4: has 14 cells, the header has 13'],
  ['item,"a,가,1,soup', 'row 4: a quote is opened and never closed; from here on the file could not be read'],
];
for (const [row, ...problems] of badRows) {
  test(`a row '${row.slice(0, 40).replaceAll('\n', ' ')}' is refused with its place`, () => {
    assert.deepEqual(problemsOf(`${STEW}${row}\n`).sort(), problems);
  });
}

test('an unknown allergen is refused with the list of those known', () => {
  const [problem, ...others] = problemsOf(`${STEW}item,a,가,1,soup,,,,,egg|gluten\n`);
  assert.match(problem!, /^row 4, column allergens: 'gluten' not known; known are egg, milk, /);
  assert.deepEqual(others, []);
});

test('a group must be possible to choose from', () => {
  const group = (min: number | string, max: number | string) =>
    `${STEW}group,g,맛,,,,,${min},${max}\noption,a,가\noption,b,나\n`;
  assert.deepEqual(problemsOf(group(1, 2)), []);
  assert.deepEqual(problemsOf(group(1, 3)), ["row 4, column max: 3 is more than the group's 2 options"]);
  assert.deepEqual(problemsOf(group(2, 1)), ['row 4, column min: 2 is more than the maximum 1']);
  assert.deepEqual(problemsOf(group(0, 0)), ["row 4, column max: '0' is not a whole number from 1 to 100"]);
  assert.deepEqual(problemsOf(group('', '')), ['row 4, column min: is needed', 'row 4, column max: is needed']);
  assert.deepEqual(problemsOf(`${STEW}group,g,맛,,,,,0,1\n`), ['row 4: this group has no options']);
});

test('a dish whose groups ask for more options than one line may have is refused', () => {
  const options = Array.from({ length: 11 }, (_, at) => `option,o${at},가`).join('\n');
  const file = `${STEW}group,g,맛,,,,,11,11\n${options}\ngroup,h,맛,,,,,11,11\n${options}\n`;
  assert.deepEqual(problemsOf(file), ["row 16, column min: this item's groups ask for more than 20 options"]);
});

test('the same group and option codes may stand under different dishes', () => {
  const choice = 'group,spice,맵기,,,,,1,1\noption,hot,매운맛\n';
  assert.deepEqual(problemsOf(`${STEW}${choice}item,b,나,1,soup\n${choice}`), []);
});

test('the header is judged once, not again for each row', () => {
  const problems = problemsOf('kind,code,prise,code\nitem,a,1,x\nitem,b,1,y\n');
  assert.equal(problems.filter((problem) => problem.startsWith('row 1: ')).length, 5);
  assert.ok(problems.some((problem) => problem.startsWith("row 1: 'prise' is no column; there are kind, code, ")));
  assert.ok(problems.includes('row 1: the column code is there twice'));
  for (const column of ['name_ko', 'price', 'station'])
    assert.ok(problems.includes(`row 1: the column ${column} is missing`));
  assert.deepEqual(
    problems.filter((problem) => !problem.startsWith('row 1: ')),
    ['row 2: this item has no category above it', 'row 3: this item has no category above it'],
  );
});

test('rows below an unreadable one are not blamed for it', () => {
  assert.equal(problemsOf(`${STEW}itm,b,나,1,soup\ngroup,g,맛,,,,,0,1\noption,a,가\n`).length, 1);
});

test('every problem is reported, in the order of the file, the first hundred in words and the rest as a number', () => {
  const rows = Array.from({ length: 150 }, (_, at) => `item,c${at},가,x,soup`).join('\n');
  assert.throws(
    () => read(`${STEW}${rows}\n`),
    (error: MenuFileError) => {
      assert.equal(error.count, 150);
      assert.equal(error.problems.length, 100);
      assert.deepEqual(error.problems[0]!.where, { en: 'row 4, column price', ko: "4행 '가격' 칸" });
      assert.match(error.message, /^The menu file has 150 problems; nothing was changed\.\n {2}row 4, column price: /);
      assert.match(error.message, / … and 50 more$/);
      return true;
    },
  );
});

test('files that are no text, empty or too large are refused with a reason', () => {
  assert.deepEqual(problemsOf(Buffer.from([0x61, 0xff, 0xfe, 0x00])), [
    'the file: is no text in UTF-8, UTF-16 or CP949, and no .xlsx',
  ]);
  assert.deepEqual(problemsOf(''), ['the file: is empty']);
  assert.deepEqual(problemsOf(' \n\n', { format: 'json' }), ['the file: is empty']);
  assert.deepEqual(problemsOf(`${HEADER}\n`), ['the file: has no rows']);
  assert.deepEqual(problemsOf(Buffer.alloc(5_000_001, 'a')), ['the file: has 5000001 bytes, at most 5000000 are read']);
});

test('a file with more than 5,000 rows is refused, one with 5,000 is read', () => {
  const rows = (count: number) =>
    `kind,code,name_ko,price,station\n${Array.from({ length: count }, (_, at) => `category,c${at},가\n`).join('')}`;
  assert.equal(read(rows(5_000)).rows.length, 5_000);
  assert.deepEqual(problemsOf(rows(5_001)), ['the file: has more than 5000 rows; the others were not read']);
  const entries = (count: number) =>
    JSON.stringify({ categories: Array.from({ length: count }, (_, at) => ({ code: `c${at}`, name: { ko: '가' } })) });
  assert.equal(read(entries(5_000), { format: 'json' }).rows.length, 5_000);
  assert.deepEqual(problemsOf(entries(5_001), { format: 'json' }), [
    'the file: has more than 5000 entries; the others were not read',
  ]);
});

test('a partial file needs only kind and code, and says only what it fills', () => {
  const { rows } = read('kind,code,price,sold_out,daily_limit\nitem,a,9000,,\nitem,b,,yes,-\n', { partial: true });
  assert.deepEqual(
    rows.map((row) => row.values),
    [{ price: 9000 }, { sold_out: true, daily_limit: null }],
  );
  assert.deepEqual(problemsOf('kind,code,price\nitem,a,-\n', { partial: true }), ['row 2, column price: is needed']);
  assert.deepEqual(problemsOf('kind,price\nitem,1\n', { partial: true }), ['row 1: the column code is missing']);
});

test('the nested form reports problems by path', () => {
  const item = {
    code: 'a',
    name: { ko: '가' },
    price: '9000',
    station: 'soup',
    prise: 1,
    soldOut: 'no',
    allergens: 'egg',
  };
  const group = { code: 'g', name: '맛', min: 0, max: 2.5, options: [{ code: 'x', name: { ko: '가', jp: '' } }, 7] };
  const file = {
    categories: [{ code: 'c', name: { ko: '찌개' }, items: [item, { ...item, optionGroups: [group] }] }],
    version: 2,
  };
  assert.deepEqual(problemsOf(JSON.stringify(file), { format: 'json' }), [
    "the file: unknown field 'version'; known are categories",
    `categories[0].items[0]: unknown field 'prise'; known are code, name, price, station, allergens, photo, description, dailyLimit, soldOut, origin, ageCheck, hours, ${LATER.map((column) => jsonPathOf(column)[0]).join(', ')}, optionGroups`,
    'categories[0].items[0].price: must be a number',
    'categories[0].items[0].allergens: must be a list of texts',
    'categories[0].items[0].soldOut: must be true or false',
    `categories[0].items[1]: unknown field 'prise'; known are code, name, price, station, allergens, photo, description, dailyLimit, soldOut, origin, ageCheck, hours, ${LATER.map((column) => jsonPathOf(column)[0]).join(', ')}, optionGroups`,
    'categories[0].items[1].price: must be a number',
    'categories[0].items[1].allergens: must be a list of texts',
    'categories[0].items[1].soldOut: must be true or false',
    "categories[0].items[1].code: the item 'a' is there already, in categories[0].items[0]",
    'categories[0].items[1].optionGroups[0].name.ko: must be a text',
    'categories[0].items[1].optionGroups[0].name.en: must be a text',
    "categories[0].items[1].optionGroups[0].max: '2.5' is not a whole number from 1 to 100",
    "categories[0].items[1].optionGroups[0].options[0]: unknown field 'jp'; known are ko, en",
    'categories[0].items[1].optionGroups[0].options[1]: must be an object',
  ]);
});

test('what is told of a dish is a text or a number in JSON, and a number is no other code without its sign', () => {
  const nested = (spice: unknown) => ({
    categories: [
      { code: 'c', name: { ko: '찌개' }, items: [{ code: 'a', name: { ko: '가' }, price: 1, station: 'soup', spice }] },
    ],
  });
  const problems = (spice: unknown) => problemsOf(JSON.stringify(nested(spice)), { format: 'json' });
  const path = 'categories[0].items[0].spice';
  assert.deepEqual(problems('hot'), []);
  assert.deepEqual(problems(null), []);
  assert.deepEqual(problems(3), [`${path}: '3' is none of none, mild, medium, hot, very-hot`]);
  assert.deepEqual(problems(true), [`${path}: must be a text or a number`]);
});

test('JSON that is none, or of another shape, is refused', () => {
  const json = { format: 'json' } as const;
  assert.match(problemsOf('{"categories": [}', json)[0]!, /^the file: is not valid JSON: /);
  assert.deepEqual(problemsOf('[]', json), [
    'the file: must be an object with a list of categories',
    'the file: has no rows',
  ]);
  assert.deepEqual(problemsOf('{}', json), ['the file: has no rows', 'categories: must be a list']);
  assert.match(
    problemsOf('{"categories":[{"code":"a","name":{"ko":"\\ud800x"}}]}', json)[0]!,
    /^categories\[0\]\.name\.ko: .* holds half a character$/,
  );
});
