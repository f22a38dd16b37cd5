import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import type { MenuRow } from '../menu-file.ts';
import { MenuFileError } from '../menu-file-error.ts';
import { writeCsv } from '../write/write-csv.ts';
import { type FileContext, readMenuFile } from './parse-menu.ts';

const WON: FileContext = { currency: 'KRW', present: [], known: [] };
const read = (file: string | Uint8Array, { partial = false, context = WON } = {}) =>
  readMenuFile(typeof file === 'string' ? Buffer.from(file) : file, partial, context);
const said = (rows: readonly MenuRow[]) =>
  rows.map(({ kind, code, values }) => [kind, code, values.name_ko, values.price, values.station, values.sold_out]);

/** A store that has what a file says. */
const storeWith = (rows: readonly MenuRow[], currency = 'KRW'): FileContext => ({
  currency,
  present: rows,
  known: rows.map(({ kind, code, item, group, values }) => ({ kind, code, item, group, name_ko: values.name_ko! })),
});

const problemsOf = async (...args: Parameters<typeof read>) => {
  try {
    await read(...args);
  } catch (error) {
    assert.ok(error instanceof MenuFileError, String(error));
    return error.problems.map(({ where, what }) => `${where.en}: ${what.en}`);
  }
  return [];
};

const LIST = `달그락식당 메뉴판,,,,,
,,,,,
분류,메뉴명,판매가(원),조리대,품절여부,바코드
찌개,김치찌개,"9,500원",탕/찌개,,8801
,된장찌개,"￦9,000",국,Y,8802
음료,콜라,2000.0,음료,품절,8803
,사이다,"2,000",음료,X,8804
`;
const MENU = [
  ['category', 'jjigae', '찌개', undefined, undefined, undefined],
  ['item', 'gimchijjigae', '김치찌개', 9500, 'soup', false],
  ['item', 'doenjangjjigae', '된장찌개', 9000, 'soup', true],
  ['category', 'eumnyo', '음료', undefined, undefined, undefined],
  ['item', 'kolla', '콜라', 2000, 'drinks', true],
  ['item', 'saida', '사이다', 2000, 'drinks', false],
];

test('a restaurant’s own list is read: title lines, Korean headers and stations, prices with signs, no codes', async () => {
  const { rows, made, notes } = await read(LIST);
  assert.deepEqual(said(rows), MENU);
  assert.deepEqual(made[1], { kind: 'item', code: 'gimchijjigae', name: '김치찌개' });
  assert.equal(made.length, 6);
  assert.deepEqual(notes, [{ en: "not read: the columns '바코드'", ko: "읽지 않은 열: '바코드'" }]);
});

test('the same list says the same in CP949, UTF-16, with semicolons, tabs or a sep= line', async () => {
  const cells = LIST.split('\n').map((line) =>
    line.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, '')),
  );
  const joined = (sign: string) => cells.map((row) => row.slice(0, 6).join(sign)).join('\r\n');
  const forms: [string, Uint8Array | string, string[]][] = [
    ['CP949', iconv.encode(LIST, 'cp949'), ['read as CP949']],
    ['UTF-16', Buffer.from(`\uFEFF${joined('\t')}`, 'utf16le'), ['read as UTF-16']],
    ['UTF-16, big end first', Buffer.from(`\uFEFF${LIST}`, 'utf16le').swap16(), ['read as UTF-16']],
    ['semicolons', joined(';'), []],
    ['sep=', `\uFEFFsep=;\r\n${joined(';')}`, []],
    ['sep=|', `sep=|\n${joined('|')}`, []],
  ];
  for (const [name, file, noted] of forms) {
    const { rows, notes } = await read(file);
    assert.deepEqual(said(rows), MENU, name);
    assert.deepEqual(
      notes.slice(0, -1).map(({ en }) => en),
      noted,
      name,
    );
  }
  assert.deepEqual(await problemsOf(`sep=;\n${joined(';').replace('2000.0', 'x')}`), [
    "row 7, column price: 'x' is not a whole number from 0 to 10000000",
  ]);
});

test('a made code stays: read again, with a new price, after the code was changed by hand, and with equal names', async () => {
  const { rows } = await read(LIST);
  const again = await read(LIST.replace('9,500', '9,900'), { context: storeWith(rows) });
  assert.deepEqual(again.made, []);
  assert.deepEqual(said(again.rows)[1], ['item', 'gimchijjigae', '김치찌개', 9900, 'soup', false]);

  const renamed = rows.map((row) => (row.code === 'gimchijjigae' ? { ...row, code: 'stew-1' } : row));
  const third = await read(LIST, { context: storeWith(renamed) });
  assert.deepEqual([third.made, said(third.rows)[1]![1]], [[], 'stew-1']);

  const twice = '메뉴명,가격\n만두,5000\n만두,8000\n饺子,1\n';
  const first = await read(twice);
  assert.deepEqual(
    first.rows.map(({ code }) => code.replace(/-[0-9a-f]{8}$/, '-#')),
    ['menyu', 'mandu', 'mandu-2', 'item-#'],
  );
  const second = await read(twice, { context: storeWith(first.rows) });
  assert.deepEqual(said(second.rows), said(first.rows));
  // A dish that once had this code and another name keeps it.
  const old = {
    ...WON,
    known: [{ kind: 'item' as const, code: 'mandu', item: null, group: null, name_ko: '옛 만두' }],
  };
  assert.deepEqual(
    (await read('메뉴명,가격\n만두,5000\n', { context: old })).rows.map(({ code }) => code),
    ['menyu', 'mandu-2'],
  );
});

test('a list says nothing of what it has no column for: options, allergens and English names stay', async () => {
  const { rows } = await read(
    'kind,code,name_ko,name_en,price,station,allergens,min,max\ncategory,c,찌개,Stews\nitem,k,김치찌개,Kimchi stew,9000,soup,pork\ngroup,g,맵기,,,,,1,1\noption,o,순한맛\n',
  );
  const listed = await read('메뉴명,가격,분류\n김치찌개,9900,찌개\n라면,4000,찌개\n', { context: storeWith(rows) });
  assert.deepEqual(
    listed.rows.map(({ code, values }) => [code, values.name_en, values.price, values.station]),
    [
      ['c', 'Stews', undefined, undefined],
      ['k', 'Kimchi stew', 9900, 'soup'],
      ['g', '', undefined, undefined],
      ['o', '', 0, undefined],
      ['ramyeon', '', 4000, 'kitchen'],
    ],
  );
  assert.deepEqual(listed.rows[1]!.values.allergens, ['pork']);
});

test('dollars are read with cents and written so; a table has whole dollars where it has no cents', async () => {
  const context = { ...WON, currency: 'USD' };
  const price = async (written: string) =>
    (await read(`name;price\nStew;${written}\n`, { context })).rows[1]!.values.price;
  for (const [written, cents] of [
    ['12.50', 1250],
    ['$12.5', 1250],
    ['12', 1200],
    ['12,50', 1250],
    ['1,234.50', 123450],
    ['USD 9.99', 999],
    ['12.500', 1250],
  ] as const) {
    assert.equal(await price(written), cents, written);
  }
  assert.deepEqual(await problemsOf('name;price\nStew;12.505\n', { context }), [
    "row 2, column price: '12.505' is not an amount from 0 to 100000.00, such as 12.50",
  ]);
  const json =
    '{"categories":[{"code":"c","name":{"ko":"가"},"items":[{"code":"i","name":{"ko":"가"},"price":1250,"station":"s"}]}]}';
  const { rows } = await read(json, { context });
  assert.equal(rows[1]!.values.price, 1250, 'the nested form has the API’s smallest unit');
  assert.match(writeCsv(rows, 'USD'), /,12\.50,/);
  assert.deepEqual(said((await read(writeCsv(rows, 'USD'), { context })).rows), said(rows));
});

test('every price of a currency comes back as it was written', async () => {
  const row = (kind: 'category' | 'item', values: MenuRow['values']): MenuRow => ({
    kind,
    code: 'a',
    category: kind === 'item' ? 'a' : null,
    item: null,
    group: null,
    values,
    place: { row: 0 },
  });
  const menu = (price: number) => [
    row('category', { name_ko: '가' }),
    row('item', { name_ko: '나', price, station: 's' }),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.nat(10_000_000),
      fc.constantFrom('KRW', 'USD', 'JPY', 'EUR', 'KWD'),
      async (price, currency) => {
        const file = writeCsv(menu(price), currency);
        const { rows } = await read(file, { context: { ...WON, currency } });
        assert.equal(rows[1]!.values.price, price, file);
      },
    ),
    { numRuns: 100 },
  );
});

test('what a spreadsheet would work out is defused in a file that we write, and comes back as it was', async () => {
  for (const name of ['=1+1', '+치즈', '-얼음', '@home', "'=x", "''+", '＝합']) {
    const { rows } = await read(`kind,code,name_ko,price,station\ncategory,a,"'${name}"\nitem,b,가,1,s\n`);
    assert.equal(rows[0]!.values.name_ko, name);
    const file = writeCsv(rows);
    assert.ok(file.includes(`category,a,'${name}`), file);
    assert.equal((await read(file)).rows[0]!.values.name_ko, name);
  }
});

const part = (xml: string) => strToU8(`<?xml version="1.0" encoding="UTF-8"?>${xml}`);
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
/** The parts of an .xlsx as Excel lays them out, around the rows of one sheet. */
const xlsx = (rows: string) => ({
  'xl/workbook.xml': part(
    `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="메뉴" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ),
  'xl/_rels/workbook.xml.rels': part(
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  ),
  'xl/worksheets/sheet1.xml': part(`<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`),
});
const text = (at: string, value: string) => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;

test('an .xlsx is read: numbers, yes and no, formulas by their last value, with the row that Excel shows', async () => {
  const rows = (price: string) =>
    `<row r="1">${text('A1', '메뉴명')}${text('B1', '가격')}${text('C1', '품절')}</row><row r="3">${text('A3', '김치찌개')}${price}<c r="C3" t="b"><v>1</v></c></row>`;
  const { rows: read1, notes } = await read(zipSync(xlsx(rows('<c r="B3"><f>9000+500</f><v>9500</v></c>'))));
  assert.deepEqual(said(read1)[1], ['item', 'gimchijjigae', '김치찌개', 9500, 'kitchen', true]);
  assert.match(notes[0]!.en, /formulas; the values that Excel showed last/);
  assert.deepEqual(await problemsOf(zipSync(xlsx(rows('<c r="B3"><v>-5</v></c>')))), [
    "row 3, column price: '-5' is not a whole number from 0 to 10000000",
  ]);
});

test('an archive that is no menu is refused: a bomb, a sheet without end, another archive, a damaged one', async () => {
  const bomb = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(21_000_000) }, { level: 1 });
  assert.ok(bomb.length < 200_000);
  assert.match((await problemsOf(bomb))[0]!, /^the file: unpacks to more than 20000000 bytes/);
  for (const rows of [
    '<row r="1"><c r="XFD1"><v>1</v></c></row>',
    '<row r="1048576"/>',
    '<row>'.repeat(20_001),
    `<row>${'<c><v>1</v></c>'.repeat(101)}</row>`,
  ]) {
    assert.match((await problemsOf(zipSync(xlsx(rows))))[0]!, /^the file: has cells beyond row 20000 or column 100/);
  }
  assert.deepEqual(await problemsOf(zipSync({ 'a.xml': part('<a/>') })), ['the file: is an archive, but no .xlsx']);
  const damaged = zipSync(xlsx('<row r="1"/>'));
  assert.equal((await problemsOf(damaged.subarray(0, 120))).length, 1);
  assert.equal((await problemsOf(zipSync({ 'xl/worksheets/sheet1.xml': part('<worksheet>') }))).length, 1);
});

test('no archive makes the reader fail otherwise than with a MenuFileError', async () => {
  const whole = zipSync(xlsx(`<row r="1">${text('A1', '메뉴명')}${text('B1', '가격')}</row>`));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
      const bytes = Uint8Array.from(whole);
      bytes[at] = byte;
      await problemsOf(bytes);
    }),
    { numRuns: 100 },
  );
});
