import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PATIENT, testDatabase } from '../../../../test/support/postgres.ts';
import { type Db, openDb } from '../../../platform/db/pool.ts';
import { newId } from '../../../platform/id.ts';
import { exportMenuCommand, importMenuCommand } from '../commands.ts';
import { MenuFileError } from '../menu-file-error.ts';
import { parseMenu } from '../parse/parse-menu.ts';
import { writeCsv } from '../write/write-csv.ts';
import { importMenu } from './import-menu.ts';
import { readMenu } from './read-menu.ts';

let url: string;
let db: Db;
before(async () => {
  url = (await testDatabase()).url;
  db = openDb({ ...PATIENT, url });
});
after(() => db.close());

/** Half past one in Seoul: the evening of the first of June goes on. */
const NIGHT = Date.parse('2026-06-01T16:30:00Z');
const NEXT_NOON = Date.parse('2026-06-02T03:00:00Z');

let stores = 0;
async function newStore(): Promise<{ id: string; slug: string }> {
  stores += 1;
  const brand = newId();
  const store = { id: newId(), slug: `store-${stores}` };
  await db.query('INSERT INTO brand (id, slug, name_ko, name_en) VALUES ($1, $2, $2, $2)', [brand, `brand-${stores}`]);
  await db.query('INSERT INTO store (id, brand_id, slug, name_ko, name_en) VALUES ($1, $2, $3, $3, $3)', [
    store.id,
    brand,
    store.slug,
  ]);
  return store;
}

const csv = (text: string, partial = false) => parseMenu(Buffer.from(text), { format: 'csv', partial });
const run = (storeId: string, text: string, { partial = false, nowMs = NIGHT } = {}) =>
  db.transaction((tx) => importMenu(tx, storeId, csv(text, partial), { nowMs }));
const written = async (storeId: string) => writeCsv(await readMenu(db, storeId));
const one = async <R extends object>(text: string, values: unknown[]) => (await db.query<R>(text, values)).rows[0]!;
const stockOf = (storeId: string, code: string) =>
  one<{ remaining: number; day: string } | (undefined & object)>(
    'SELECT remaining, day FROM stock s JOIN item i ON i.store_id = s.store_id AND i.id = s.item_id WHERE s.store_id = $1 AND i.code = $2',
    [storeId, code],
  );

const MENU = `kind,code,name_ko,name_en,price,station,allergens,photo,description_ko,description_en,daily_limit,sold_out,min,max,origin_ko,origin_en,age_check,hours
category,stews,찌개,Stews,,,,,,,,,,,,,,
item,kimchi,김치찌개,Kimchi Stew,9000,soup,pork|soy,,"묵은 김치, 돼지고기",Old kimchi,50,no,,,,,no,
group,spice,맵기,Spice,,,,,,,,,1,1,,,,
option,mild,순한맛,Mild,0,,,,,,,no,,,,,,
option,hot,매운맛,Hot,500,,,,,,,yes,,,,,,
item,doenjang,된장찌개,,8000,soup,soy,/photos/doenjang.jpg,,,,yes,,,"콩 국내산, 두부 수입산",Korean soybeans,no,
category,drinks,음료,Drinks,,,,,,,,,,,,,,mon-sun 17:00-02:00
item,sikhye,식혜,Sweet Rice Drink,4000,drinks,,,,,,no,,,,,yes,
`;

test('a menu comes out as it went in, and going in again changes nothing', async () => {
  const { id } = await newStore();
  const first = await run(id, MENU);
  assert.deepEqual(first, { version: 2, written: 8, archived: 0 });
  assert.equal(await written(id), MENU);
  assert.deepEqual(await run(id, MENU), { version: 2, written: 0, archived: 0 });
});

test('the demo menu survives the way through the database', async () => {
  const { id } = await newStore();
  const demo = readFileSync(new URL('../../../../demo/menu.csv', import.meta.url)).toString();
  await run(id, demo);
  assert.equal(await written(id), demo);
});

test('a code that another version declared is in no file, so the file can be read again', async () => {
  const { id } = await newStore();
  await run(id, MENU);
  await db.query(
    `UPDATE item SET attributes = '{"spice": "of-a-later-version"}' WHERE store_id = $1 AND code = 'kimchi'`,
    [id],
  );
  assert.equal(await written(id), MENU);
  // What nobody declares goes with the next menu that is read.
  assert.deepEqual(await run(id, await written(id)), { version: 3, written: 1, archived: 0 });
  assert.deepEqual(await run(id, await written(id)), { version: 3, written: 0, archived: 0 });
});

test('rows keep their ids while their code stays, whatever else changes; what is no longer named is archived', async () => {
  const { id } = await newStore();
  await run(id, MENU);
  const ids = async () =>
    new Map(
      (await db.query<{ code: string; id: string }>('SELECT code, id FROM item WHERE store_id = $1', [id])).rows.map(
        (row) => [row.code, row.id],
      ),
    );
  const before = await ids();
  const changed = MENU.replace('김치찌개,Kimchi Stew,9000', '묵은지찌개,Aged Kimchi Stew,9500')
    .replace(/category,drinks,.*\n/, '')
    .replace(/option,hot,.*\n/, '');
  assert.deepEqual(await run(id, changed), { version: 3, written: 2, archived: 2 });
  assert.equal(await written(id), changed);
  assert.deepEqual(await ids(), before);
  assert.deepEqual(await run(id, MENU), { version: 4, written: 4, archived: 0 });
  assert.equal(await written(id), MENU);
});

test('a partial file changes the cells that it fills and nothing else', async () => {
  const { id } = await newStore();
  await run(id, MENU);
  const prices =
    'kind,code,price,sold_out,daily_limit\nitem,kimchi,11000,,-\nitem,sikhye,,yes,\nitem,doenjang,,no,30\n';
  assert.deepEqual(await run(id, prices, { partial: true }), { version: 3, written: 3, archived: 0 });
  const expected = MENU.replace('9000,soup', '11000,soup')
    .replace('Old kimchi,50', 'Old kimchi,')
    .replace('4000,drinks,,,,,,no', '4000,drinks,,,,,,yes')
    .replace('/photos/doenjang.jpg,,,,yes', '/photos/doenjang.jpg,,,30,no');
  assert.equal(await written(id), expected);
});

test('a partial file reaches options through what stands above them', async () => {
  const { id } = await newStore();
  await run(id, MENU);
  await run(id, 'kind,code,price,sold_out\nitem,kimchi,,\ngroup,spice,,\noption,hot,700,no\n', { partial: true });
  assert.equal(await written(id), MENU.replace('Hot,500,,,,,,,yes', 'Hot,700,,,,,,,no'));
});

test('a price list is not refused for a group that it does not touch', async () => {
  const { id } = await newStore();
  await run(id, MENU);
  await db.query('UPDATE item_option SET archived = true WHERE store_id = $1', [id]);
  await run(id, 'kind,code,price\nitem,kimchi,9900\n', { partial: true });
  await assert.rejects(
    run(id, 'kind,code,name_ko\nitem,kimchi,\ngroup,spice,맛\n', { partial: true }),
    /row 3: this group has no options/,
  );
});

test('a partial file that does not fit the menu is refused with all its problems and changes nothing', async () => {
  const { id } = await newStore();
  await run(id, MENU);
  const file = 'kind,code,price,min,max\nitem,kimchi,1,,\ngroup,spice,,2,\noption,cold,5,,\nitem,pizza,2,,\n';
  await assert.rejects(run(id, file, { partial: true }), (error: MenuFileError) => {
    assert.ok(error instanceof MenuFileError);
    assert.deepEqual(
      error.problems.map(({ where, what }) => `${where.en}: ${what.en}`),
      [
        'row 3, column min: 2 is more than the maximum 1',
        "row 4, column code: the store has no option 'cold' there",
        "row 5, column code: the store has no item 'pizza' there",
      ],
    );
    return true;
  });
  assert.equal(await written(id), MENU);
  assert.equal(
    (await one<{ menu_version: number }>('SELECT menu_version FROM store_head WHERE store_id = $1', [id])).menu_version,
    2,
  );
});

test('an import that fails half-way leaves menu, stock and version as they were', async () => {
  const { id } = await newStore();
  await run(id, MENU);
  const failure = new Error('after the import');
  const cut = db.transaction(async (tx) => {
    await importMenu(tx, id, csv('kind,code,name_ko,price,station\ncategory,a,가\n'), { nowMs: NIGHT });
    throw failure;
  });
  await assert.rejects(cut, failure);
  assert.equal(await written(id), MENU);
  assert.equal((await stockOf(id, 'kimchi')).remaining, 50);
});

test('stock follows the limit: it starts full on the business day, moves by the difference, and goes with it', async () => {
  const { id } = await newStore();
  const limit = (value: string, nowMs = NIGHT) =>
    run(id, `kind,code,daily_limit\nitem,kimchi,${value}\n`, { partial: true, nowMs });
  await run(id, MENU);
  assert.deepEqual(await stockOf(id, 'kimchi'), { remaining: 50, day: '2026-06-01' });

  await db.query('UPDATE stock SET sold = offered - 3 WHERE store_id = $1', [id]);
  await run(id, MENU.replace('9000', '9500'));
  assert.equal((await stockOf(id, 'kimchi')).remaining, 3, 'another change leaves the count alone');
  await limit('60');
  assert.equal((await stockOf(id, 'kimchi')).remaining, 13);
  await limit('40');
  assert.equal((await stockOf(id, 'kimchi')).remaining, 0);
  await limit('50');
  assert.equal((await stockOf(id, 'kimchi')).remaining, 3, 'lowered below what was sold, and back');
  await limit('-');
  assert.equal((await stockOf(id, 'kimchi')).remaining, null);
  await run(id, MENU);
  assert.equal((await stockOf(id, 'kimchi')).remaining, 3, 'unlimited, and back');
  await limit('45', NEXT_NOON);
  assert.deepEqual(await stockOf(id, 'kimchi'), { remaining: 45, day: '2026-06-02' });
  await limit('-', NEXT_NOON);
  assert.equal((await stockOf(id, 'kimchi')).remaining, null);

  await run(id, MENU, { nowMs: NEXT_NOON });
  await run(
    id,
    MENU.split('\n')
      .filter((row) => !/,(kimchi|spice|mild|hot),/.test(row))
      .join('\n'),
    { nowMs: NEXT_NOON },
  );
  assert.equal((await stockOf(id, 'kimchi')).remaining, null, 'what is taken off the menu has no stock');
  await db.query('UPDATE stock SET sold = 5 WHERE store_id = $1', [id]);
  await run(id, MENU, { nowMs: NEXT_NOON });
  assert.equal((await stockOf(id, 'kimchi')).remaining, 45, 'put back on the menu, and what was sold is still sold');
  assert.deepEqual(await run(id, MENU, { nowMs: NEXT_NOON + 24 * 3_600_000 }), {
    version: (await one<{ menu_version: number }>('SELECT menu_version FROM store_head WHERE store_id = $1', [id]))
      .menu_version,
    written: 0,
    archived: 0,
  });
  assert.deepEqual(await stockOf(id, 'kimchi'), { remaining: 50, day: '2026-06-03' }, 'an import turns the day');
});

test('an import raises the versions and is heard of, a useless one is not', async () => {
  const { id } = await newStore();
  const heard: string[] = [];
  const pg = await import('pg');
  const listener = new pg.default.Client({ connectionString: url });
  await listener.connect();
  listener.on('notification', (message) => heard.push(message.payload!));
  await listener.query('LISTEN matjip_live');
  const versions = () => one('SELECT menu_version, stock_version FROM store_head WHERE store_id = $1', [id]);
  try {
    await run(id, MENU);
    assert.deepEqual(await versions(), { menu_version: 2, stock_version: 2 });
    await run(id, MENU);
    await run(id, MENU.replace('9000', '9500'));
    assert.deepEqual(await versions(), { menu_version: 3, stock_version: 2 });
    // Notifications come before the answer to a later statement.
    await listener.query('SELECT 1');
  } finally {
    await listener.end();
  }
  assert.deepEqual(heard, Array(2).fill(JSON.stringify([{ kind: 'menu', storeId: id }])));
});

test('imports and sales at once neither deadlock nor lose a portion', async () => {
  const { id } = await newStore();
  await run(id, MENU.replace('Old kimchi,50', 'Old kimchi,1000'));
  const sell = () =>
    db.transaction(async (tx) => {
      await tx.query('SELECT FROM store_head WHERE store_id = $1 FOR UPDATE', [id]);
      const { rowCount } = await tx.query('UPDATE stock SET sold = sold + 1 WHERE store_id = $1', [id]);
      await tx.query('UPDATE store_head SET last_number = last_number + 1 WHERE store_id = $1', [id]);
      return rowCount;
    });
  const limits = [1010, 990, 1100, 1000, 1200, 1050];
  const results = await Promise.all([
    ...Array.from({ length: 60 }, sell),
    ...limits.map((limit) => run(id, MENU.replace('Old kimchi,50', `Old kimchi,${limit}`))),
  ]);
  assert.equal(results.filter((result) => result === 1).length, 60);
  const last = (
    await one<{ daily_limit: number }>("SELECT daily_limit FROM item WHERE store_id = $1 AND code = 'kimchi'", [id])
  ).daily_limit;
  assert.ok(limits.includes(last));
  assert.equal((await stockOf(id, 'kimchi')).remaining, last - 60);
});

test('the commands import and export, and name the stores there are', async () => {
  const { id, slug } = await newStore();
  const folder = mkdtempSync(join(tmpdir(), 'matjip-menu-'));
  const config = { databaseUrl: url, home: folder };
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const path = join(folder, 'menu.csv');
  writeFileSync(path, MENU);
  await importMenuCommand(config, path, { store: slug, log });
  await exportMenuCommand(config, join(folder, 'out.csv'), { store: id, log });
  assert.equal(readFileSync(join(folder, 'out.csv')).toString(), MENU);
  await exportMenuCommand(config, join(folder, 'excel.csv'), { store: slug, excel: true, log });
  assert.equal(readFileSync(join(folder, 'excel.csv')).toString(), `\uFEFF${MENU}`);
  await exportMenuCommand(config, join(folder, 'out.json'), { store: slug, log });
  await importMenuCommand(config, join(folder, 'out.json'), { store: slug, log });
  assert.deepEqual(lines, [
    `${slug}: read category 2, item 3, group 1, option 2; 8 changed, 0 taken off; menu version 2.`,
    `${slug}: wrote 8 rows to ${join(folder, 'out.csv')}.`,
    `${slug}: wrote 8 rows to ${join(folder, 'excel.csv')}.`,
    `${slug}: wrote 8 rows to ${join(folder, 'out.json')}.`,
    `${slug}: read category 2, item 3, group 1, option 2; 0 changed, 0 taken off; menu version 2.`,
  ]);

  writeFileSync(path, 'kind,code\nitem,X\n');
  await assert.rejects(importMenuCommand(config, path, { store: slug }), MenuFileError);
  await assert.rejects(
    exportMenuCommand(config, path, { store: 'nowhere', log }),
    /^Error: There is no store 'nowhere'; there are store-1, /,
  );
  await assert.rejects(
    exportMenuCommand(config, path, { log }),
    /^Error: Say which store with --store; there are store-1, /,
  );
  await assert.rejects(exportMenuCommand(config, join(folder, 'menu.xlsx'), { log }), /ends in \.csv or \.json/);
  await assert.rejects(
    importMenuCommand(config, join(folder, 'none.csv'), { log }),
    /none\.csv cannot be read: ENOENT/,
  );
  assert.equal(readFileSync(path).toString(), 'kind,code\nitem,X\n', 'a refused export leaves the file');
});
