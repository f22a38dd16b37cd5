import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { testDatabase } from '../../test/support/postgres.ts';
import { newId } from '../platform/id.ts';
import { daysSince2000 } from './copy-rows.ts';
import { openOrderLoader } from './load-orders.ts';
import { createOrderRows, type OrderRows } from './order-rows.ts';
import { createRandom } from './random.ts';

const uuid = (text: string) => Buffer.from(text.replaceAll('-', ''), 'hex');
const store = uuid(newId());
const PLACED = Date.now();

function writeOrder(rows: OrderRows, id: Buffer, total: number): void {
  const { orders } = rows;
  orders.row(10);
  orders.uuid(store, 0);
  orders.uuid(id, 0);
  orders.int4(1);
  orders.date(daysSince2000('1999-12-31'));
  orders.nothing();
  orders.text('served');
  orders.int8(total);
  orders.timestamptz(PLACED);
  orders.timestamptz(Date.UTC(1999, 11, 31, 23, 59, 59, 999));
  orders.random(createRandom(1), 16);
}

async function readOrders(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      'SELECT total, day::text, placed_at, promised_at, length(request_hash) AS hash, table_label FROM orders ORDER BY total',
    );
    return rows;
  } finally {
    await client.end();
  }
}

test('values arrive as they were written, also large ones and those before the year 2000', async () => {
  const { url } = await testDatabase();
  const loaded: number[] = [];
  const loader = await openOrderLoader(url, 1, (orders) => loaded.push(orders));
  const rows = createOrderRows();
  for (const total of [0, 2 ** 32 - 1, 2 ** 53 - 1]) writeOrder(rows, uuid(newId()), total);
  await loader.send(rows, 3);
  await loader.finish();
  const rest = {
    day: '1999-12-31',
    placed_at: new Date(PLACED),
    promised_at: new Date('1999-12-31T23:59:59.999Z'),
    hash: 16,
    table_label: null,
  };
  assert.deepEqual(
    await readOrders(url),
    ['0', '4294967295', '9007199254740991'].map((total) => ({ total, ...rest })),
  );
  assert.deepEqual(loaded, [3]);
});

test('a batch is loaded whole or not at all, and its failure is told', async () => {
  const { url } = await testDatabase();
  const loader = await openOrderLoader(url, 1, () => {});
  const same = uuid(newId());
  let rows = createOrderRows();
  writeOrder(rows, same, 1);
  rows = await loader.send(rows, 1);
  writeOrder(rows, uuid(newId()), 2);
  writeOrder(rows, same, 3);
  await loader.send(rows, 2);
  await assert.rejects(loader.finish(), { code: '23505' });
  assert.deepEqual(
    (await readOrders(url)).map((row) => row.total),
    ['1'],
  );
});
