import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Queryable } from '../../src/platform/db/pool.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const api = await startTestApp({ after });
const { client, db } = api;
/** More than a process has connections. */
const MANY = 24;

/** Runs `meanwhile` while another transaction holds what `hold` locks. */
async function whileHeld(hold: (tx: Queryable) => Promise<unknown>, meanwhile: () => Promise<void>): Promise<void> {
  await db.transaction(async (tx) => {
    await hold(tx);
    await meanwhile();
  });
}

const waitingFor = async (text: string): Promise<number> => {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
    [`%${text}%`],
  );
  return rows[0]!.count;
};

test('strangers’ questions that hang leave orders, statuses, menus and staff alone', async () => {
  const stores = await Promise.all(Array.from({ length: MANY }, () => makeStore(db, { stew: { price: 9_000 } })));
  const [shop] = stores;
  let boards: Promise<{ status: number }[]> | undefined;
  await whileHeld(
    (tx) => tx.query('LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE'),
    async () => {
      boards = Promise.all(stores.map((store) => client.call(`/api/v1/stores/${store.id}/board`)));
      await eventually(async () => assert.equal(await waitingFor('FROM ticket'), 2));
      const order = await client.order(shop!.id, { lines: [{ itemId: shop!.dishes.stew.id, quantity: 1 }] });
      assert.equal(order.status, 201);
      const path = `/api/v1/stores/${shop!.id}`;
      const answers = await Promise.all([
        client.call(`${path}/orders/${order.body.id}`, { token: order.body.token }),
        client.call(`${path}/menu`),
        client.call(`/api/v1/stores/${stores[1]!.slug}`),
        client.call(`${path}/webhooks`, { token: ADMIN_KEY }),
      ]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 200],
      );
    },
  );
  for (const { status } of await boards!) assert.ok(status === 200 || status === 503);
});

test('a store whose row is held delays its own changes only', async () => {
  const [held, other] = await Promise.all([
    makeStore(db, { stew: { price: 9_000 } }),
    makeStore(db, { stew: { price: 9_000 } }),
  ]);
  const lines = (store: typeof held) => ({ lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] });
  const [ours, theirs] = [await client.order(held.id, lines(held)), await client.order(other.id, lines(other))];
  const cancel = (store: typeof held, order: typeof ours) =>
    client.call(`/api/v1/stores/${store.id}/orders/${order.body.id}`, { method: 'DELETE', token: order.body.token });
  const change = (store: typeof held) =>
    client.call(`/api/v1/stores/${store.id}/items/${store.dishes.stew.id}`, {
      method: 'PUT',
      token: ADMIN_KEY,
      body: { price: 8_000 },
    });
  let delayed: Promise<{ status: number }[]> | undefined;
  await whileHeld(
    (tx) => tx.query('SELECT FROM store_head WHERE store_id = $1 FOR UPDATE', [held.id]),
    async () => {
      delayed = Promise.all(Array.from({ length: MANY }, () => [cancel(held, ours), change(held)]).flat());
      await eventually(async () => assert.equal(await waitingFor('FROM store_head'), 4));
      assert.equal((await cancel(other, theirs)).status, 200);
      assert.equal((await change(other)).status, 200);
    },
  );
  for (const { status } of await delayed!) assert.ok(status === 200 || status === 503, String(status));
  assert.equal((await cancel(held, ours)).status, 200);
});
