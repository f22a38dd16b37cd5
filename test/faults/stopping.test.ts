import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { eventually } from '../support/eventually.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startApiProcess } from '../support/processes.ts';
import { startServed } from '../support/served.ts';
import { makeStore, type TestStore } from '../support/store.ts';
import { fallSilent, UNFINISHED, type Unfinished } from '../support/unfinished-requests.ts';

const ORDERS = 20;

/** An order of which it is known when its last byte has left this process. */
function send(url: string, store: TestStore<'dish'>, agent: Agent) {
  const body = JSON.stringify({ lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  const sending = request(`${url}/api/v1/stores/${store.id}/orders`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
  });
  const answer = (once(sending, 'response') as Promise<[IncomingMessage]>).then(async ([response]) => ({
    status: response.statusCode,
    body: await json(response),
  }));
  const sent = once(sending, 'finish');
  sending.end(body);
  return { answer, sent };
}

const accepts = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.unref().once('connect', () => socket.destroy());
  });

test('SIGTERM takes nothing new and answers every order that was let in', async (t) => {
  const { url } = await testDatabase(t);
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 2, statementTimeoutMs: 60_000 });
  t.after(() => db.close());
  const api = await startApiProcess(t, url, { PATIENT: 'no' });
  const store = await makeStore(db, { dish: { price: 9_000, remaining: ORDERS } });
  assert.equal((await api.client.call(`/api/v1/stores/${store.id}`)).status, 200);
  const agent = new Agent({ keepAlive: true, maxSockets: ORDERS });
  t.after(async () => agent.destroy());

  let orders: ReturnType<typeof send>[] = [];
  let ended: Promise<number | null> | undefined;
  // While this holds the store's lock, orders are under way or wait, and none can be answered.
  await db.transaction(async (tx) => {
    await tx.query('SELECT FROM store_head WHERE store_id = $1 FOR UPDATE', [store.id]);
    orders = Array.from({ length: ORDERS }, () => send(api.url, store, agent));
    await Promise.all(orders.map(({ sent }) => sent));
    await eventually(async () => {
      // Not by the transaction: it would see the first look's answer for ever.
      const { rowCount } = await db.query(`SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      return rowCount > 0;
    }, 'an order waits for the lock');
    // What was sent before these is read before they are answered.
    for (let times = 0; times < 5; times += 1) assert.equal((await api.client.call('/healthz')).status, 200);
    ended = api.kill('SIGTERM');
    await eventually(async () => !(await accepts(api.url)), 'nothing new is let in');
  });
  const answers = await Promise.all(orders.map(({ answer }) => answer));
  assert.deepEqual(
    answers.map(({ status }) => status),
    answers.map(() => 201),
  );
  // Guests' kept-alive connections do not hold it until it loses patience with itself, which would be 1.
  assert.equal(await ended, 0);
  const { rows } = await db.query('SELECT count(*) AS orders FROM orders WHERE store_id = $1', [store.id]);
  assert.deepEqual(rows, [{ orders: ORDERS }]);
  assert.deepEqual(api.complaints(), []);
});

const kinds = Object.keys(UNFINISHED) as Unfinished[];

test('SIGTERM ends a process with 0 beside clients that have said nothing, half a head or half a body', async (t) => {
  const { url } = await testDatabase(t);
  await prepareJobs(url);
  const api = await startApiProcess(t, url, { PATIENT: 'no' });
  const silent = await Promise.all(kinds.map((kind) => fallSilent(t, api.url, kind)));
  // What was sent before these is read before they are answered.
  for (let times = 0; times < 5; times += 1) assert.equal((await api.client.call('/healthz')).status, 200);
  // 1 would be its patience with itself: one of them would have held it.
  assert.equal(await api.kill('SIGTERM'), 0);
  await Promise.all(silent.map(({ closed }) => closed));
  assert.deepEqual(api.complaints(), []);
});

test('all of `matjip serve` ends with 0 beside clients that fall silent, and none of its workers is killed', async (t) => {
  const { url } = await testDatabase(t);
  const served = await startServed(t, { DATABASE_URL: url });
  const workers = served.workers();
  assert.equal(workers.length, 1);
  const silent = await Promise.all(kinds.map((kind) => fallSilent(t, served.url, kind)));
  for (let times = 0; times < 5; times += 1) assert.equal((await served.client.call('/healthz')).status, 200);
  served.signal('SIGTERM');
  assert.equal(await served.ended, 0);
  await Promise.all(silent.map(({ closed }) => closed));
  assert.doesNotMatch(served.said(), /"level"/);
});
