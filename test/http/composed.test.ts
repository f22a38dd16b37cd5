import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { importMenu, parseMenu } from '../../src/menu/file/index.ts';
import { newId } from '../../src/platform/id.ts';
import { startTestApp } from '../support/app.ts';
import { makeStore } from '../support/store.ts';

const { client, db } = await startTestApp({ after });
const store = await makeStore(db, { soup: { price: 9_000 } });
const PANCAKE = '해물파전';
const apart = (text: string): string => text.normalize('NFD');

const order = (table: string, note: string) => ({
  table,
  lines: [{ itemId: store.dishes.soup.id, quantity: 1, note }],
});

test('table and note are stored composed however they were typed, and the same order in either form is one order', async () => {
  const key = newId();
  const placed = await client.order(store.id, order(apart('창가'), apart(`${PANCAKE} 먼저`)), key);
  assert.equal(placed.status, 201);
  assert.equal(placed.body.table, '창가');
  assert.equal(placed.body.lines[0].note, `${PANCAKE} 먼저`);
  const again = await client.order(store.id, order('창가', `${PANCAKE} 먼저`), key);
  assert.deepEqual([again.status, again.body.id], [200, placed.body.id]);
  const { rows } = await db.query<{ note: string; table_label: string }>(
    `SELECT note, table_label FROM order_note n JOIN orders o USING (store_id) WHERE o.id = $1 AND n.order_id = $1`,
    [key],
  );
  assert.deepEqual(rows, [{ note: `${PANCAKE} 먼저`, table_label: '창가' }]);
});

test('a note is as long as its letters, not as the parts that they were typed in', async () => {
  const note = '파'.repeat(200);
  assert.equal((await client.order(store.id, order('1', apart(note)))).status, 201);
  assert.equal((await client.order(store.id, order('1', apart(`${note}파`)))).status, 422);
});

for (const format of ['csv', 'json'] as const) {
  test(`a menu file's names are stored composed: ${format}`, async () => {
    const shop = await makeStore(db, { soup: { price: 9_000 } });
    const file = {
      csv: `kind,code,name_ko,price,station,description_ko\ncategory,c,전,,,\nitem,p,${PANCAKE},9000,grill,바삭한 ${PANCAKE}\n`,
      // Escapes are letters too.
      json: JSON.stringify({
        categories: [
          {
            code: 'c',
            name: { ko: '전' },
            items: [
              {
                code: 'p',
                name: { ko: PANCAKE },
                price: 9_000,
                station: 'grill',
                description: { ko: `바삭한 ${PANCAKE}` },
              },
            ],
          },
        ],
      }),
    }[format];
    const decomposed = apart(file).replaceAll('\u1112', format === 'json' ? '\\u1112' : '\u1112');
    const menu = parseMenu(Buffer.from(decomposed), { format, partial: false });
    await db.transaction((tx) => importMenu(tx, shop.id, menu));
    const { rows } = await db.query<{ name_ko: string; description_ko: string }>(
      `SELECT name_ko, description_ko FROM item WHERE store_id = $1 AND name_ko = $2`,
      [shop.id, PANCAKE],
    );
    assert.deepEqual(rows, [{ name_ko: PANCAKE, description_ko: `바삭한 ${PANCAKE}` }]);
  });
}

test('names that were stored in parts before are composed by the migration, and their menus get a new version', async () => {
  const shop = await makeStore(db, { soup: { price: 9_000, groups: [{ min: 0, max: 1, options: [{ price: 1 }] }] } });
  const other = await makeStore(db, { soup: { price: 9_000 } });
  const before = await versions();
  for (const table of ['item', 'category', 'option_group', 'item_option', 'store']) {
    const id = table === 'store' ? 'id' : 'store_id';
    await db.query(`UPDATE ${table} SET name_ko = $2 WHERE ${id} = $1`, [shop.id, apart(PANCAKE)]);
  }
  await runMigration('000024_composed_texts.sql');
  for (const table of ['item', 'category', 'option_group', 'item_option', 'store']) {
    const id = table === 'store' ? 'id' : 'store_id';
    const { rows } = await db.query<{ name_ko: string }>(`SELECT name_ko FROM ${table} WHERE ${id} = $1`, [shop.id]);
    assert.deepEqual(rows, [{ name_ko: PANCAKE }], table);
  }
  const now = await versions();
  assert.equal(now.get(shop.id), before.get(shop.id)! + 1);
  assert.equal(now.get(other.id), before.get(other.id));
});

async function versions(): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; version: number }>(
    'SELECT store_id AS id, menu_version AS version FROM store_head',
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}

async function runMigration(file: string): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  await db.query(await readFile(new URL(`../../migrations/${file}`, import.meta.url), 'utf8'));
}
