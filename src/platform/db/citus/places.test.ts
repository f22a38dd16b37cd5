import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../../test/support/postgres.ts';
import { openDb } from '../pool.ts';
import { findObstacles, groupByKeys, placeOf } from './places.ts';
import { readSchema } from './read-schema.ts';

const { url } = await testDatabase();
const db = openDb({ url, connectionsMax: 1 });
test.after(() => db.close());

/** What would be said of the schema if it had this too. */
async function obstaclesWith(sql: string): Promise<string[]> {
  let found: string[] = [];
  await db
    .transaction(async (tx) => {
      await tx.query(sql);
      found = findObstacles(await readSchema(tx));
      throw new Error('taken back');
    })
    .catch((error) => {
      if (error.message !== 'taken back') throw error;
    });
  return found;
}

test('the schema as it is can be distributed by store', async () => {
  assert.deepEqual(findObstacles(await readSchema(db)), []);
});

test('what belongs to a store is distributed by it; what does not is named', async () => {
  const tables = await readSchema(db);
  const at = (place: string) => tables.filter((table) => placeOf(table) === place).map(({ name }) => name);
  assert.deepEqual(at('reference'), ['brand', 'photo', 'photo_file', 'photo_source', 'ranking_dish', 'store']);
  for (const name of ['batch_job', 'batch_run', 'migration', 'ranking_wide_head', 'ranking_wide_hour']) {
    assert.ok(at('local').includes(name), name);
  }
  for (const name of [
    'orders',
    'order_line',
    'ticket',
    'stock',
    'item',
    'party',
    'webhook',
    'sales_day',
    'store_head',
  ]) {
    assert.ok(at('distributed').includes(name), name);
  }
  assert.ok(tables.filter((table) => placeOf(table) === 'local').every(({ hasStore }) => !hasStore));
});

test('tables that point to each other are placed together, what is pointed to first, and the stores’ locks last of all', async () => {
  const tables = (await readSchema(db)).filter((table) => placeOf(table) === 'distributed');
  const groups = groupByKeys(tables).map((group) => group.map(({ name }) => name));
  assert.deepEqual(groups.at(-1), ['store_head']);
  const menu = groups.find((group) => group.includes('item'))!;
  assert.deepEqual([...menu].sort(), ['category', 'item', 'item_option', 'option_group', 'stock']);
  assert.ok(
    menu.indexOf('category') < menu.indexOf('item') && menu.indexOf('option_group') < menu.indexOf('item_option'),
  );
  assert.deepEqual(groups.flat().sort(), tables.map(({ name }) => name).sort());
});

const REFUSED: readonly [what: string, sql: string, says: RegExp][] = [
  [
    'a key without the store',
    'CREATE TABLE voucher (store_id uuid NOT NULL, code text PRIMARY KEY)',
    /voucher_pkey is unique over \(code\)/,
  ],
  [
    'a unique index without the store',
    'CREATE UNIQUE INDEX one_number ON party (id, number)',
    /one_number is unique over \(id, number\)/,
  ],
  [
    'a foreign key that leaves the store out',
    'CREATE TABLE a (store_id uuid NOT NULL, id uuid UNIQUE, PRIMARY KEY (store_id, id)); CREATE TABLE b (store_id uuid NOT NULL, id uuid REFERENCES a (id), PRIMARY KEY (store_id, id))',
    /b_id_fkey of the distributed table b points to the distributed table a: it must contain store_id of both/,
  ],
  [
    'a foreign key of other columns than the store’s',
    'CREATE TABLE c (store_id uuid NOT NULL, other uuid NOT NULL, category_id uuid, PRIMARY KEY (store_id, category_id), FOREIGN KEY (other, category_id) REFERENCES category)',
    /c_other_category_id_fkey/,
  ],
  [
    'a reference table that points to a store’s rows',
    'ALTER TABLE brand ADD COLUMN a uuid, ADD COLUMN b uuid, ADD CONSTRAINT flagship FOREIGN KEY (a, b) REFERENCES item',
    /flagship of the reference table brand points to the distributed table item/,
  ],
  [
    'a local table that points to a store’s rows',
    'CREATE TABLE favourite (a uuid, b uuid, FOREIGN KEY (a, b) REFERENCES item)',
    /the local table favourite points to the distributed table item/,
  ],
  [
    'a store’s row that points to a local table',
    'CREATE TABLE tag (id uuid PRIMARY KEY); ALTER TABLE item ADD COLUMN tag uuid REFERENCES tag',
    /item_tag_fkey of the distributed table item points to the local table tag/,
  ],
  [
    'a deletion that would move rows',
    'CREATE TABLE d (store_id uuid NOT NULL REFERENCES store ON DELETE SET NULL, PRIMARY KEY (store_id))',
    /d_store_id_fkey .*would change store_id/,
  ],
  [
    'a trigger',
    `CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER INSERT ON item FOR EACH ROW EXECUTE FUNCTION noop()`,
    /item has the trigger t/,
  ],
  [
    'a sequence',
    'CREATE TABLE e (store_id uuid NOT NULL, n serial, PRIMARY KEY (store_id, n))',
    /e\.n is filled by a sequence/,
  ],
  [
    'rows without a key',
    'CREATE TABLE f (store_id uuid NOT NULL)',
    /f has neither a primary key nor a replica identity/,
  ],
];

for (const [what, sql, says] of REFUSED) {
  test(`${what} is found before a coordinator would refuse it`, async () => {
    const found = await obstaclesWith(sql);
    assert.ok(
      found.some((line) => says.test(line)),
      found.join('\n') || 'nothing was found',
    );
  });
}

test('what is right is not found: a key to the store, one within the store, and what stays on the coordinator', async () => {
  const right = `CREATE TABLE table_note (store_id uuid NOT NULL REFERENCES store, item_id uuid NOT NULL, id uuid, PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, item_id) REFERENCES item ON DELETE CASCADE); CREATE TABLE person (id serial PRIMARY KEY, brand_id uuid REFERENCES brand)`;
  assert.deepEqual(await obstaclesWith(right), []);
});
