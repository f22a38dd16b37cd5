import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/platform/db/migrate.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { emptyDatabase, PATIENT } from '../support/postgres.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

test('an upgrade in the middle of a day keeps what is left, what was sold, and what open orders give back', async (t) => {
  const { url } = await emptyDatabase();
  // As it was when stock was one number.
  const folder = mkdtempSync(join(tmpdir(), 'matjip-migrations-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'tuning'));
  for (const file of readdirSync(MIGRATIONS)) {
    if (/^0000(0\d|1[0-3])_/.test(file)) cpSync(join(MIGRATIONS, file), join(folder, file));
  }
  await migrate({ url, folder, tuning: false });
  const db = openDb({ ...PATIENT, url });
  t.after(() => db.close());
  const [store, category, counted, unlimited] = [newId(), newId(), newId(), newId()];
  await db.query(`INSERT INTO brand (id, slug, name_ko, name_en) VALUES ($1, 'b', '가', 'B')`, [store]);
  await db.query(
    `INSERT INTO store (id, brand_id, slug, name_ko, name_en, time_zone, day_starts_hour)
    VALUES ($1, $1, 's', '가', 'S', 'UTC', 0)`,
    [store],
  );
  await db.query(
    `INSERT INTO category (store_id, id, code, position, name_ko, name_en) VALUES ($1, $2, 'all', 0, '전부', 'All')`,
    [store, category],
  );
  for (const id of [counted, unlimited]) {
    await db.query(
      `INSERT INTO item (store_id, id, category_id, code, position, name_ko, name_en, price, station, daily_limit)
       VALUES ($1, $2::uuid, $3, $2::uuid::text, 0, '국', '', 1, 'soup', 50)`,
      [store, id, category],
    );
  }
  // The second was made unlimited by hand, which took its row.
  await db.query('INSERT INTO stock (store_id, item_id, remaining, day) VALUES ($1, $2, 3, current_date)', [
    store,
    counted,
  ]);
  const orders = { placed: newId(), cancelled: newId(), served: newId() };
  for (const [index, [status, id]] of Object.entries(orders).entries()) {
    await db.query(
      `INSERT INTO orders (store_id, id, number, day, status, total, placed_at, promised_at, request_hash)
       VALUES ($1, $2, $3, current_date, $4, 1, now(), now(), '')`,
      [store, id, index + 1, status],
    );
    await db.query(
      'INSERT INTO order_line (store_id, order_id, line, item_id, quantity, unit_price) VALUES ($1, $2, 1, $3, $4, 1)',
      [store, id, counted, index + 2],
    );
  }

  await migrate({ url });
  const { rows } = await db.query(
    'SELECT item_id = $2 AS counted, count, offered, sold, remaining FROM stock WHERE store_id = $1 ORDER BY 1 DESC',
    [store, counted],
  );
  assert.deepEqual(rows, [
    { counted: true, count: 1, offered: 9, sold: 6, remaining: 3 },
    { counted: false, count: 1, offered: null, sold: 0, remaining: null },
  ]);
  const lines = await db.query(
    'SELECT order_id AS id, from_count FROM order_line WHERE store_id = $1 ORDER BY quantity',
    [store],
  );
  assert.deepEqual(lines.rows, [
    { id: orders.placed, from_count: 1 },
    { id: orders.cancelled, from_count: null },
    { id: orders.served, from_count: 1 },
  ]);
});
