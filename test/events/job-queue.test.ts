import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { createReturnStock } from '../../src/menu/index.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { addJobs } from '../../src/platform/jobs/jobs.ts';
import { announce } from '../../src/platform/live/announcer.ts';
import { lockStores } from '../../src/store/index.ts';
import { startWork } from '../../src/work.ts';
import { eventually } from '../support/eventually.ts';
import { captureLog } from '../support/log.ts';
import { testDatabase } from '../support/postgres.ts';
import { makeStore, remainingOf } from '../support/store.ts';
import { ADMIN_KEY, openShop } from './shop.ts';

const shop = await openShop({ after });
const { db, client } = shop.api;
const dead = async () => (await client.call('/api/v1/jobs/dead', { token: ADMIN_KEY })).body.items;

test('work that fails for ever is listed for the owner with its reason, and works after a replay', async () => {
  // The tickets of this order cannot be written, for a reason that only a person can mend.
  await db.query('ALTER TABLE ticket ADD CONSTRAINT "the grill is on fire" CHECK (false) NOT VALID');
  const order = await shop.order();
  // As if eleven tries had failed already.
  await eventually(async () => {
    const { rowCount } = await db.query(
      `UPDATE graphile_worker._private_jobs SET attempts = max_attempts - 1, run_at = now()
       WHERE last_error IS NOT NULL AND locked_at IS NULL`,
    );
    assert.equal(rowCount, 1);
  });
  const [letter] = await eventually(async () => {
    const letters = await dead();
    assert.equal(letters.length, 1);
    return letters;
  });
  assert.equal(letter.kind, 'kitchen');
  assert.match(letter.reason, /the grill is on fire/);
  assert.deepEqual(letter.payload, [[shop.store.id, order.id]]);
  assert.equal(letter.attempts, 12);

  const replay = (token?: string) => client.call(`/api/v1/jobs/dead/${letter.id}/replay`, { method: 'POST', token });
  assert.equal((await replay()).status, 401);
  assert.equal((await replay(shop.kitchenKey)).status, 401);
  assert.equal((await client.call('/api/v1/jobs/dead')).status, 401);
  await db.query('ALTER TABLE ticket DROP CONSTRAINT "the grill is on fire"');
  assert.equal((await replay(ADMIN_KEY)).status, 202);
  assert.equal((await shop.ticketOf(order.id, 'soup')).status, 'placed');
  await eventually(async () => assert.deepEqual(await dead(), []));
  assert.equal((await replay(ADMIN_KEY)).status, 404);
  assert.equal((await client.call('/api/v1/jobs/dead/x/replay', { method: 'POST', token: ADMIN_KEY })).status, 404);
});

test('a job whose payload is none is a dead letter with its reason, and keeps no other order from the kitchen', async () => {
  const broken = [{ orders: 'none' }, 7, [['no', 'ids']], 'x'];
  await addJobs(
    db,
    broken.map((payload) => ({ kind: 'kitchen', payload, attemptsMax: 1 })),
  );
  const order = await shop.order();
  assert.equal((await shop.ticketOf(order.id, 'soup')).status, 'placed');
  const letters = await eventually(async () => {
    const found = await dead();
    assert.equal(found.length, broken.length);
    return found as { id: string; kind: string; payload: unknown; reason: string }[];
  });
  const asText = (values: unknown[]) => values.map((value) => JSON.stringify(value)).sort();
  assert.deepEqual(asText(letters.map(({ payload }) => payload)), asText(broken));
  for (const { kind, reason } of letters) {
    assert.equal(kind, 'kitchen');
    assert.ok(reason.length > 0);
  }
  await db.query('DELETE FROM graphile_worker._private_jobs');
});

test('an API process that works nothing off and a worker apart make one shop', async (t) => {
  const apart = await openShop(t, { env: { WORK: 'off' } });
  const order = await apart.order();
  const { rowCount } = await apart.api.db.query('SELECT FROM graphile_worker._private_jobs WHERE locked_at IS NULL');
  assert.equal(rowCount, 2);
  const worker = await startWork(readConfig({ WORK: 'off' }), apart.api.databaseUrl, captureLog().log);
  t.after(() => worker.close());
  assert.equal((await apart.ticketOf(order.id, 'soup')).orderId, order.id);
  const slip = await apart.call('/print/soup/next?wait=50', { token: apart.kitchenKey });
  assert.equal(slip.body.orderId, order.id);
});

test('portions return when the store’s day begins, once, and only those of dishes with a daily limit', async (t) => {
  const own = openDb({ url: shop.api.databaseUrl });
  t.after(() => own.close());
  const store = await makeStore(own, {
    stew: { price: 9_000, remaining: 0 },
    beer: { price: 5_000, remaining: 3 },
  });
  await own.query('UPDATE item SET daily_limit = 50 WHERE store_id = $1 AND id = $2', [store.id, store.dishes.stew.id]);
  // Seoul's days begin at four in the morning.
  const day = (time: string) => Date.parse(`2026-11-24T${time}:00+09:00`);
  await own.query("UPDATE stock SET day = '2026-11-23' WHERE store_id = $1", [store.id]);
  let nowMs = day('03:59');
  const returnStock = createReturnStock(own, lockStores, { announce }, () => nowMs);
  const left = async () => [
    await remainingOf(own, store.id, store.dishes.stew.id),
    await remainingOf(own, store.id, store.dishes.beer.id),
  ];
  const versions = async () =>
    (
      await own.query<{ menu: number; stock: number }>(
        'SELECT menu_version AS menu, stock_version AS stock FROM store_head WHERE store_id = $1',
        [store.id],
      )
    ).rows[0]!;
  const before = await versions();
  assert.equal(await returnStock(), 0);
  assert.deepEqual(await left(), [0, 3]);
  nowMs = day('04:00');
  // Two processes at once.
  const both = await Promise.all([returnStock(), returnStock()]);
  assert.ok(Math.max(...both) === 1, String(both));
  assert.deepEqual(await left(), [50, 3]);
  const now = await versions();
  assert.deepEqual([now.menu - before.menu, now.stock - before.stock], [0, 1]);
  await own.query('UPDATE stock SET offered = sold + 7 WHERE store_id = $1', [store.id]);
  assert.equal(await returnStock(), 0);
  assert.deepEqual(await left(), [7, 7]);
});

/** In how much time transactions are counted: each of a process's own questions comes several times in it. */
const IDLE_WINDOW_MS = 10_000;

test('an idle process costs the database less than two transactions a second', async (t) => {
  const { url } = await testDatabase(t);
  const own = new URL(url).pathname.slice(1);
  const endedMs: number[] = [];
  // Counted where they are asked: Postgres' own statistics come late, and count its tidying up with ours.
  const asked = pg.Client.prototype as unknown as { _handleReadyForQuery(message: { status: string }): void };
  const heard = asked._handleReadyForQuery;
  t.mock.method(asked, '_handleReadyForQuery', function (this: pg.Client, message: { status: string }) {
    if (message.status === 'I' && this.database === own) endedMs.push(Date.now());
    heard.call(this as never, message);
  });
  await openShop(t, { databaseUrl: url });
  const startedMs = Date.now();
  const lately = await eventually(() => {
    const fromMs = Date.now() - IDLE_WINDOW_MS;
    const count = endedMs.filter((ms) => ms > fromMs).length;
    // The start's own work is over when the last seconds are quiet.
    assert.ok(fromMs >= startedMs && count < (2 * IDLE_WINDOW_MS) / 1_000, `${count} in ${IDLE_WINDOW_MS} ms`);
    return count;
  });
  assert.ok(lately > 0);
  t.diagnostic(`${((lately * 1_000) / IDLE_WINDOW_MS).toFixed(1)} transactions a second`);
});
