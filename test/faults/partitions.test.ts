import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';
import { makeStore } from '../support/store.ts';

const STOCK = 1_000_000;

test('a partition is made while somebody reads orders and somebody writes them, and nobody waits', async (t) => {
  const { url } = await testDatabase(t);
  const db = openDb({ url, connectionsMax: 3 });
  t.after(() => db.close());
  const made = await db.transaction(async (reader) => {
    await reader.query('SELECT FROM orders LIMIT 1');
    return db.transaction(async (writer) => {
      await writer.query('LOCK TABLE orders IN ROW EXCLUSIVE MODE');
      const { rows } = await db.query<{ made: number }>(
        `SELECT ensure_order_partitions('2031-01-15', '2031-02-01') AS made`,
      );
      await writer.query('SELECT FROM orders LIMIT 1');
      return rows[0]!.made;
    });
  });
  const { rows: parents } = await db.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid ORDER BY 1`,
  );
  assert.ok(parents.length >= 7);
  assert.equal(made, 2 * parents.length);
  assert.equal(
    (await db.query<{ made: number }>(`SELECT ensure_order_partitions('2031-01-15', '2031-02-01') AS made`)).rows[0]!
      .made,
    0,
  );
  // As those that were made otherwise: the same indexes, constraints and columns.
  const shapeOf = async (month: string) =>
    (
      await db.query<{ shape: string }>(
        `SELECT replace(shape, $1, 'MONTH') AS shape FROM (
           SELECT indexdef AS shape FROM pg_indexes WHERE tablename LIKE '%' || $1
           UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid::regclass::text LIKE '%' || $1
           UNION ALL SELECT attrelid::regclass || ' ' || attname || ' ' || attnotnull || ' ' || atthasdef FROM pg_attribute
             WHERE attnum > 0 AND NOT attisdropped AND attrelid::regclass::text ~ ('^[a-z_]+' || $1 || '$')
         ) shapes ORDER BY 1`,
        [month],
      )
    ).rows;
  const { rows: now } = await db.query<{ month: string }>(`SELECT to_char(now(), '_YYYY_MM') AS month`);
  assert.deepEqual(await shapeOf('_2031_01'), await shapeOf(now[0]!.month));
});

test('whoever makes partitions waits a second for another who does, and not for ever', async (t) => {
  const { url } = await testDatabase(t);
  const db = openDb({ url, connectionsMax: 2 });
  t.after(() => db.close());
  const make = () => db.query(`SELECT ensure_order_partitions('2031-01-15', '2031-01-15')`);
  await db.transaction(async (other) => {
    await other.query('LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE');
    await assert.rejects(make(), { code: '55P03' });
  });
  await make();
});

test('partitions are made when it is night where most stores are', async (t) => {
  const { url } = await testDatabase(t);
  const db = openDb({ url, connectionsMax: 2 });
  t.after(() => db.close());
  const isNight = async (moment: string) =>
    (await db.query<{ night: boolean }>('SELECT is_night_at_stores($1) AS night', [moment])).rows[0]!.night;
  assert.equal(await isNight('2026-11-27T03:17:00Z'), true);
  for (const zone of ['Asia/Seoul', 'Asia/Seoul', 'Europe/Paris']) {
    const { id } = await makeStore(db, { stew: { price: 9_000 } });
    await db.query('UPDATE store SET time_zone = $2 WHERE id = $1', [id, zone]);
  }
  assert.equal(await isNight('2026-11-27T03:17:00Z'), false);
  assert.equal(await isNight('2026-11-27T18:17:00Z'), true);
});

test('a month without a partition is given one by the first order that needs it', async (t) => {
  const api = await startTestApp(t);
  const store = await makeStore(api.db, { stew: { price: 9_000, remaining: STOCK } });
  const { rows } = await api.db.query<{ month: string }>(`SELECT to_char(now(), '_YYYY_MM') AS month`);
  const { month } = rows[0]!;
  const order = () => api.client.order(store.id, { lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] });
  assert.equal((await order()).status, 201);
  for (const table of ['order_line', 'orders']) {
    await api.db.query(`DROP TABLE ${table}${month}`);
    // Several groups miss it at once.
    const answers = await Promise.all(Array.from({ length: 8 }, order));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
    assert.equal((await api.client.call('/readyz')).status, 200);
  }
  assert.ok(api.logLines.some((line) => line.includes('made on the spot')));
});

test('a full disk is told apart: 503 to the guest, once in the log, in /readyz, and over when there is room', async (t) => {
  const api = await startTestApp(t);
  const store = await makeStore(api.db, { stew: { price: 9_000, remaining: STOCK } });
  // The lines are written beside other statements of the transaction, which then fail for its failure.
  await api.db.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$`);
  await api.db.query('CREATE TRIGGER full_disk BEFORE INSERT ON order_line FOR EACH ROW EXECUTE FUNCTION full_disk()');
  const order = () => api.client.order(store.id, { lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] });
  const answers = await Promise.all(Array.from({ length: 20 }, order));
  for (const { status, body, headers } of answers) {
    assert.deepEqual([status, body.type], [503, 'unavailable']);
    assert.ok(Number(headers['retry-after']) >= 1);
  }
  const ready = await api.client.call('/readyz');
  assert.deepEqual([ready.status, ready.body.detail], [503, 'The database cannot write: its disk is full.']);
  assert.equal(api.logLines.filter((line) => line.includes('"message":"The database cannot write')).length, 1);
  // Not once for each who was refused: those are counted.
  const refused = api.logLines.filter(
    (line) => line.includes('"type":"unavailable"') || line.includes('could not extend'),
  );
  assert.ok(refused.length < answers.length / 2, refused.join('\n'));
  const { body: metrics } = await api.client.call('/metrics');
  const counted = Number(/^matjip_problems_total\{type="unavailable"\} (\d+)$/m.exec(metrics)?.[1]);
  assert.ok(counted >= answers.length, `${counted} were counted`);

  await api.db.query('DROP TRIGGER full_disk ON order_line');
  await eventually(async () => {
    assert.equal((await order()).status, 201);
    assert.equal((await api.client.call('/readyz')).status, 200);
  });
});
