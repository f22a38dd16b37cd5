import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createJobs } from '../../src/composition/jobs.ts';
import { orderJobHandlers } from '../../src/composition/order-jobs.ts';
import { BOUNDS, readConfig } from '../../src/config.ts';
import { sendToKitchen } from '../../src/kitchen/index.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { createBatch } from '../../src/platform/jobs/batch.ts';
import { createMemoryCounts } from '../../src/ranking/index.ts';
import { lockStores } from '../../src/store/index.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { WITHOUT_CITUS } from '../support/citus.ts';
import { atEndOf } from '../support/lifetime.ts';
import { captureLog } from '../support/log.ts';
import { shardedDatabase } from '../support/sharded.ts';
import { makeStore } from '../support/store.ts';

/*
 * A coordinator that died after an order's machine had committed it and before it committed the order's jobs, and a guest who does not ask
 * again: what is left is made here on one Postgres, which is told that its stores are spread over machines.
 */
const { graceMs, againMs, backMaxMs, pageMax } = BOUNDS.ordersWithoutJobs;
// Nothing runs the jobs here.
const api = await startTestApp({ after }, { databaseUrl: await shardedDatabase() });
const { db, client } = api;
const { log, lines: logged } = captureLog();

let nowMs = Date.now();
function batchOf(on: Db) {
  const jobs = createJobs({
    config: readConfig({}),
    db: on,
    lockStores,
    announcer: { announce: async () => {} },
    rankingCounts: createMemoryCounts(1),
    now: () => nowMs,
    log,
  });
  atEndOf({ after }, () => jobs.close());
  return createBatch(on, jobs.scheduled, log);
}
const batch = batchOf(db);
const sweep = async () => (await batch.run('orders-without-jobs')).did;
/** All that was ordered is old enough. */
const later = () => {
  nowMs = Date.now() + 2 * graceMs;
};

const store = await makeStore(db, { stew: { price: 9_000 } });
async function place(key = newId()): Promise<string> {
  const lines = [{ itemId: store.dishes.stew.id, quantity: 1 }];
  assert.equal((await client.order(store.id, { lines }, key)).status, 201);
  return key;
}
const kinds = ['kitchen', 'ranking-and-webhooks'];
/** Which kinds of jobs name an order, and how often. */
async function jobsOf(id: string): Promise<string[]> {
  const { rows } = await db.query<{ kind: string }>(
    `SELECT t.identifier AS kind FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE j.payload::text LIKE '%' || $1 || '%' ORDER BY 1`,
    [id],
  );
  return rows.map(({ kind }) => kind);
}
/** What the dead coordinator had not committed. */
const loseJobs = (id: string) =>
  db.query(`DELETE FROM graphile_worker._private_jobs WHERE payload::text LIKE '%' || $1 || '%'`, [id]);

/** When it was taken. The app's clock, which follows the database's, is not exactly ours. */
const placedAt = (id: string, ms: number) =>
  db.query('UPDATE orders SET placed_at = to_timestamp($3::float8 / 1000) WHERE store_id = $1 AND id = $2', [
    store.id,
    id,
    ms,
  ]);

/** Of all orders but this one there is nothing left to do. */
const settleOthers = (but: string | null = null) =>
  db.query(`UPDATE orders SET status = 'cancelled' WHERE store_id = $1 AND id IS DISTINCT FROM $2::uuid`, [
    store.id,
    but,
  ]);

test('an order that its coordinator left without jobs has all of them again after the grace, and its kitchen a ticket', async () => {
  const [lost, waiting] = [await place(), await place()];
  await loseJobs(lost);
  for (const id of [lost, waiting]) await placedAt(id, nowMs);
  nowMs += graceMs;
  assert.equal(await sweep(), '0 orders');
  nowMs += 1;
  assert.equal(await sweep(), '1 orders');
  assert.deepEqual(await jobsOf(lost), kinds);
  assert.deepEqual(await jobsOf(waiting), kinds);
  assert.match(logged.join('\n'), new RegExp(`Orders came late to the kitchen: ${lost} of store ${store.id}`));
  // It is in the queue now, whoever is how late.
  assert.equal(await sweep(), '0 orders');

  const handlers = orderJobHandlers(db, [
    { kind: 'kitchen', handle: async (tx, of) => void (await sendToKitchen(tx, of)) },
  ]);
  await handlers.kitchen!([[store.id, lost]]);
  await loseJobs(lost);
  assert.equal(await sweep(), '0 orders');
});

test('who is cancelled, waits for the money, or is a dead letter has no jobs by that', async () => {
  const [cancelled, held, dead] = [await place(), await place(), await place()];
  const path = `/api/v1/stores/${store.id}/orders/${cancelled}`;
  assert.equal((await client.call(path, { method: 'DELETE', token: ADMIN_KEY })).status, 200);
  await db.query('INSERT INTO payment_hold (store_id, order_id, until) VALUES ($1, $2, now())', [store.id, held]);
  for (const id of [cancelled, held]) await loseJobs(id);
  await db.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE payload::text LIKE '%' || $1 || '%'`,
    [dead],
  );
  later();
  assert.equal(await sweep(), '0 orders');
  await db.query('DELETE FROM payment_hold WHERE store_id = $1 AND order_id = $2', [store.id, held]);
  assert.equal(await sweep(), '1 orders');
  assert.deepEqual(await jobsOf(held), kinds);
});

test('a run looks at what came since the last one that came to a good end, and days that are named at all of theirs', async () => {
  const last = nowMs;
  const [early, late] = [await place(newId(last - againMs - 20_000)), await place(newId(last - againMs + 20_000))];
  for (const id of [early, late]) await loseJobs(id);
  const began = (ms: number) =>
    db.query(`UPDATE batch_run SET started_at = to_timestamp($1::float8 / 1000) WHERE kind = 'orders-without-jobs'`, [
      ms,
    ]);
  await began(last);
  later();
  assert.equal(await sweep(), '1 orders');
  assert.deepEqual(await jobsOf(late), kinds);
  // A coordinator that is back after hours: as far as it was away, and a day at most.
  await began(nowMs - backMaxMs);
  const oldestMs = nowMs - backMaxMs + 60_000;
  const oldest = await place(newId(oldestMs));
  await loseJobs(oldest);
  assert.equal(await sweep(), '2 orders');
  assert.deepEqual([await jobsOf(early), await jobsOf(oldest)], [kinds, kinds]);

  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  await settleOthers(oldest);
  await loseJobs(oldest);
  assert.equal(await sweep(), '0 orders');
  const from = day(oldestMs);
  const { did } = await batch.run('orders-without-jobs', { from, to: day(Date.parse(from) + 24 * 3_600_000) });
  assert.equal(did, '1 orders');
});

test('a page that is full is followed by the next one', async () => {
  await settleOthers();
  await db.query(
    `INSERT INTO orders (store_id, id, number, day, total, placed_at, promised_at, request_hash)
     SELECT $1, id, 100 + place, '2026-11-28', 0, to_timestamp($3::float8 / 1000), to_timestamp($3::float8 / 1000), '\\x00'
     FROM unnest($2::uuid[]) WITH ORDINALITY AS o (id, place)`,
    [store.id, Array.from({ length: pageMax + 1 }, () => newId()), Date.now()],
  );
  later();
  assert.equal(await sweep(), `${pageMax + 1} orders`);
});

test('where all stores are on one machine nothing is looked for', {
  skip: WITHOUT_CITUS ? false : 'CITUS_URL is set: stores are on several',
}, async (t) => {
  const alone = await startTestApp(t);
  const asked: string[] = [];
  const watched: Db = Object.assign(Object.create(alone.db) as Db, {
    query(text: string, ...rest: []) {
      asked.push(text);
      return alone.db.query(text, ...rest);
    },
  });
  const { did } = await batchOf(watched).run('orders-without-jobs');
  assert.equal(did, 'all stores are on one machine');
  assert.ok(asked.every((text) => !/\borders\b/.test(text)));
});
