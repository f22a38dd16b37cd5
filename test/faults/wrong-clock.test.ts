import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { startReceiver } from '../events/receiver.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startApiProcess } from '../support/processes.ts';
import { makeStore } from '../support/store.ts';

const HOURS = 3_600_000;
const CLOCK = new URL('../../faults/kit/shifted-clock.ts', import.meta.url).href;

for (const [what, offMs] of [
  ['ahead of', 25 * HOURS],
  ['behind', -25 * HOURS],
] as const) {
  test(`a process whose clock is 25 h ${what} the database’s takes orders, and their tickets, slips and webhooks come`, async (t) => {
    const { url } = await testDatabase(t);
    await prepareJobs(url);
    const db = openDb({ ...PATIENT, url, connectionsMax: 2 });
    t.after(() => db.close());
    const store = await makeStore(db, { stew: { price: 9_000, station: 'soup', remaining: 10 } });
    const receiver = await startReceiver(t);
    const api = await startApiProcess(t, url, {
      WITH_JOBS: 'yes',
      WEBHOOK_ALLOW_PRIVATE: 'on',
      NODE_OPTIONS: `--import=${CLOCK}`,
      CLOCK_OFF_MS: String(offMs),
    });
    const base = `/api/v1/stores/${store.id}`;
    const owner = { token: ADMIN_KEY };
    const made = await api.client.call(`${base}/webhooks`, {
      ...owner,
      body: { url: receiver.url, events: ['order.placed', 'order.moved'] },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));

    const request = { lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] };
    const order = await api.client.order(store.id, request);
    assert.equal(order.status, 201, JSON.stringify(order.body));
    // The phone's clock is right; a key of the process's own wrong time is a day off.
    const wrong = await api.client.order(store.id, request, newId(Date.now() + offMs));
    assert.equal(wrong.status, 422);

    const ticket = await eventually(async () => {
      const { body } = await api.client.call(`${base}/kitchen/tickets`, owner);
      assert.equal(body.items.length, 1);
      return body.items[0];
    });
    const offBy = Math.abs(Date.parse(ticket.placedAt) - Date.now());
    assert.ok(offBy < HOURS, `placed ${offBy} ms off`);
    const slip = await api.client.call(`${base}/print/soup/next?wait=50`, owner);
    assert.equal(slip.body.orderId, order.body.id);
    const printed = await api.client.call(`${base}/print/soup/${encodeURIComponent(slip.body.id)}/done`, {
      ...owner,
      method: 'POST',
    });
    assert.equal(printed.status, 200);
    const moved = await api.client.call(`${base}/kitchen/tickets/${encodeURIComponent(ticket.id)}/advance`, {
      ...owner,
      body: { to: 'cooking', version: ticket.version },
    });
    assert.equal(moved.status, 200);
    await eventually(() =>
      assert.deepEqual(
        new Set(receiver.received.map(({ body }) => body.event)),
        new Set(['order.placed', 'order.moved']),
      ),
    );
    await eventually(async () => {
      assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0);
    });
  });
}

test('what was held or put off by a clock that has been set back since is not waited for', async (t) => {
  const { url } = await testDatabase(t);
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 2 });
  t.after(() => db.close());
  const store = await makeStore(db, { stew: { price: 9_000, station: 'soup' } });
  const receiver = await startReceiver(t);
  const env = { WEBHOOK_ALLOW_PRIVATE: 'on' };
  const asleep = await startApiProcess(t, url, env);
  const base = `/api/v1/stores/${store.id}`;
  const owner = { token: ADMIN_KEY };
  const body = { url: receiver.url, events: ['order.placed'] };
  assert.equal((await asleep.client.call(`${base}/webhooks`, { ...owner, body })).status, 201);
  const order = await asleep.client.order(store.id, { lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] });
  assert.equal(order.status, 201);
  // As if all of it had been written an hour ago, by a clock that was two hours ahead.
  await db.query(
    `UPDATE graphile_worker._private_jobs SET run_at = run_at + interval '1 hour', updated_at = updated_at + interval '1 hour'`,
  );
  await db.query(`UPDATE webhook SET next_at = now() + interval '1 hour'`);
  const awake = await startApiProcess(t, url, { ...env, WITH_JOBS: 'yes' });
  await eventually(() => assert.equal(receiver.received.length, 1));
  const next = `${base}/print/soup/next?wait=50`;
  assert.equal((await awake.client.call(next, owner)).body.orderId, order.body.id);
  // It is held now, and then by a clock that was an hour ahead.
  await db.query(`UPDATE print_slip SET handed_until = handed_until + interval '1 hour'`);
  assert.equal((await awake.client.call(next, owner)).body.orderId, order.body.id);
});
