import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS, readConfig } from '../../src/config.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { startWork } from '../../src/work.ts';
import { ADMIN_KEY, startTestApp, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { captureLog } from '../support/log.ts';
import { movableClock } from '../support/movable-clock.ts';
import { makeStore } from '../support/store.ts';

/** As in production, and looks that a test need not wait for. */
const LATE = { ...BOUNDS.jobs.lateTickets, lookEveryMs: 20, forgetMs: 600_000 };
const LIMITS_OFF = { LIMITS: 'off' };

/** Makes the jobs that wait older than they are. @param priority 1: of crowds; 0: of others */
const age = (db: Db, seconds: number, priority: 0 | 1) =>
  db.query(
    `UPDATE graphile_worker._private_jobs SET run_at = run_at - make_interval(secs => $1)
     WHERE priority = $2 AND task_id = (SELECT id FROM graphile_worker._private_tasks WHERE identifier = 'kitchen')`,
    [seconds, priority],
  );

async function open(t: Parameters<typeof startTestApp>[0], env: Readonly<Record<string, string>> = {}, of?: TestApp) {
  const api = await startTestApp(t, {
    env: { ...LIMITS_OFF, ...env },
    lateTickets: LATE,
    ...(of && { databaseUrl: of.databaseUrl }),
  });
  const metric = async (name: string) => {
    const { body } = await api.client.call('/metrics');
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
  };
  const lateness = (lane: 'crowds' | 'others') => metric(`matjip_tickets_late\\{of="${lane}"\\}`);
  return { ...api, metric, lateness };
}

const isRefused = ({ status, body, headers }: Answer) => {
  assert.deepEqual([status, body.type, body.reason], [503, 'busy', 'kitchen-behind'], JSON.stringify(body));
  const seconds = Number(headers['retry-after']);
  assert.ok(seconds >= 5 && seconds <= 15, `${seconds} s`);
};

test('orders are refused while tickets are late, replays are not, at any process, and orders are taken again by themselves', async (t) => {
  const { client, db, databaseUrl, lateness, metric, ...api } = await open(t);
  const store = await makeStore(db, { dish: { price: 9_000 } });
  const request = { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] };
  const key = newId(Date.now() - 5_000);
  const { body: first } = await client.order(store.id, request, key);
  const beside = await open(t, {}, { client, db, databaseUrl, ...api });

  await age(db, 10, 0);
  await eventually(async () => assert.ok((await metric('matjip_tickets_due_seconds\\{of="others"\\}')) >= 10));
  assert.equal((await client.order(store.id, request)).status, 201, 'ten seconds are workers that are replaced');

  await age(db, 60, 0);
  for (const each of [{ client, lateness }, beside]) {
    await eventually(async () => assert.equal(await each.lateness('others'), 1));
    const refused = await each.client.order(store.id, request);
    isRefused(refused);
    assert.ok(refused.body.place.token, 'it has a place in the line');
    const again = await each.client.order(store.id, request, key);
    assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.body], [200, 'true', first]);
  }
  const ops = await client.call('/api/v1/ops', { token: ADMIN_KEY });
  assert.equal(ops.body.ticketsLate, true);
  assert.equal(
    (await client.call('/readyz')).status,
    200,
    'every process has the same jobs: none is better than another',
  );
  assert.equal((await client.call(`/api/v1/stores/${store.id}/menu`)).status, 200);
  assert.equal(await metric('matjip_orders_refused_total\\{reason="busy"\\}'), 1);

  const worker = await startWork(readConfig({ WORK: 'off' }), databaseUrl, captureLog().log);
  t.after(() => worker.close());
  await eventually(async () => assert.equal((await client.order(store.id, request)).status, 201));
  assert.equal(await lateness('others'), 0);
  const said = api.logLines.filter((line) => line.includes('Tickets are'));
  assert.equal(said.length, 2, said.join('\n'));
});

// With a clock that stands nothing else ends a wait in vain.
test('late tickets of a store’s flood refuse its own orders and nobody else’s', { timeout: 300_000 }, async (t) => {
  const { client, db, lateness } = await open(t);
  const [flooded, quiet] = [
    await makeStore(db, { dish: { price: 9_000 } }),
    await makeStore(db, { dish: { price: 9_000 } }),
  ];
  const order = (store: typeof quiet) =>
    client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  // What is a crowd is told by orders a second: here all come in one moment, and it lasts.
  const clock = movableClock({ stands: true });
  t.after(clock.restore);
  await Promise.all(Array.from({ length: 8 * BOUNDS.jobs.crowdPerSecond }, () => order(flooded)));
  await age(db, 60, 1);
  await eventually(async () => assert.equal(await lateness('crowds'), 1));
  assert.equal(await lateness('others'), 0);
  isRefused(await order(flooded));
  assert.equal((await order(quiet)).status, 201);
});

test('other work that is late refuses nobody: what is counted and told may come later than tickets', async (t) => {
  const { client, db, lateness, metric } = await open(t);
  const store = await makeStore(db, { dish: { price: 9_000 } });
  const order = () => client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  assert.equal((await order()).status, 201);
  await db.query(`UPDATE graphile_worker._private_jobs SET run_at = run_at - interval '1 hour'
    WHERE task_id <> (SELECT id FROM graphile_worker._private_tasks WHERE identifier = 'kitchen')`);
  await age(db, 10, 0);
  await eventually(async () => assert.ok((await metric('matjip_tickets_due_seconds\\{of="others"\\}')) >= 10));
  assert.equal(await lateness('others'), 0);
  assert.equal((await order()).status, 201);
});

test('with EFFECTS=inline tickets are made with their orders, and old jobs refuse nobody', async (t) => {
  const queued = await open(t);
  const inline = await open(t, { EFFECTS: 'inline' }, queued);
  const store = await makeStore(queued.db, { dish: { price: 9_000 } });
  const order = (client: TestApp['client']) =>
    client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  assert.equal((await order(queued.client)).status, 201);
  await age(queued.db, 60, 0);
  await eventually(async () => assert.equal(await queued.lateness('others'), 1));
  assert.equal((await order(queued.client)).status, 503);
  assert.equal((await order(inline.client)).status, 201);
});
