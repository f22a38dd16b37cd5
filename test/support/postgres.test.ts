import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { testDatabase } from './postgres.ts';

test('every test database is migrated, and is nobody else’s', async (t) => {
  const [one, two] = await Promise.all([testDatabase(t), testDatabase(t)]);
  const first = openDb({ url: one.url });
  const second = openDb({ url: two.url });
  t.after(() => Promise.all([first.close(), second.close()]));
  await first.query("INSERT INTO brand (id, slug, name_ko, name_en) VALUES (gen_random_uuid(), 'a', '가', 'A')");
  assert.equal((await first.query('SELECT FROM brand')).rowCount, 1);
  assert.equal((await second.query('SELECT FROM brand')).rowCount, 0);
});

test('a database without tuning lacks what migrations/tuning adds', async (t) => {
  const tables = async (tuning: boolean) => {
    const db = openDb({ url: (await testDatabase(t, { tuning })).url });
    try {
      return (await db.query('SELECT FROM pg_class WHERE relname = $1', ['ticket_open'])).rowCount;
    } finally {
      await db.close();
    }
  };
  assert.deepEqual([await tables(false), await tables(true)], [0, 1]);
});
