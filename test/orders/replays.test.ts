import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { toCandidate } from '../../src/order/candidate.ts';
import { createIdempotencyCache } from '../../src/order/idempotency-cache.ts';
import { createIntake } from '../../src/order/intake/intake.ts';
import { createPlaceOrder } from '../../src/order/place-order.ts';
import type { Queryable } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { startTestApp } from '../support/app.ts';
import { createGate, ONE_BY_ONE, orderAt, turn } from '../support/intake-gate.ts';
import { makeStore } from '../support/store.ts';

const { client, db } = await startTestApp({ after });
const store = await makeStore(db, { dish: { price: 9_000, remaining: 500 } });
const other = await makeStore(db, { dish: { price: 9_000 } });
const request = { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] };
const BOUNDS = { retryAgeMs: 1_000, lookUpsMax: 100, waitingMax: 1_000, refusalWaitMs: 1, lookUpWithinMs: 60_000 };

/** A process beside the one that took the orders, whose intake has no place left. */
function fullProcess(acknowledged = createIdempotencyCache(10), on: Queryable = db) {
  const intake = createIntake(createGate().takeOrders, { ...ONE_BY_ONE, places: { placesMax: 1, shares: {} } });
  void intake.take(orderAt(store.id));
  let queries = 0;
  const counted: Queryable = {
    query: (...args) => {
      queries += 1;
      return on.query(...args);
    },
  };
  const nobody = { hasCrowd: () => false, refuses: async () => undefined, refused: () => {} };
  const placeOrder = createPlaceOrder({
    db: counted,
    intake,
    acknowledged,
    soldOut: nobody,
    now: Date.now,
    bounds: BOUNDS,
  });
  return { placeOrder, acknowledged, queries: () => queries };
}

const OLD_MS = 5_000;
const taken = async () => {
  const id = newId(Date.now() - OLD_MS);
  const { status, body } = await client.order(store.id, request, id);
  assert.equal(status, 201);
  const { token: _, ...order } = body;
  return { candidate: toCandidate(store.id, id, request), order };
};

test('an order that another process took is answered again though there is no place, a hundred by two statements', async () => {
  const { placeOrder, queries } = fullProcess();
  const orders = await Promise.all(Array.from({ length: 100 }, taken));
  const before = queries();
  const answers = await Promise.all(orders.map(({ candidate }) => placeOrder(candidate, {})));
  assert.deepEqual(
    answers,
    orders.map(({ order }) => ({ isNew: false, order })),
  );
  // The first is looked up at once, the others together.
  assert.ok(queries() - before <= 4, `${queries() - before} statements`);
});

test('an order that this process took needs no look-up, and the same key with another body is still told apart', async () => {
  const { placeOrder, acknowledged, queries } = fullProcess();
  const { candidate, order } = await taken();
  acknowledged.add(candidate);
  assert.deepEqual(await placeOrder(candidate, {}), { isNew: false, order });
  assert.equal(queries(), 1);
  assert.ok(acknowledged.knows(candidate.id.toUpperCase()));
  const changed = toCandidate(store.id, candidate.id, { ...request, table: 9 });
  await assert.rejects(placeOrder(changed, {}), { type: 'key-reused' });
  // Another store's order with the same key is another order.
  const elsewhere = toCandidate(other.id, candidate.id, { lines: [{ itemId: other.dishes.dish.id, quantity: 1 }] });
  await assert.rejects(placeOrder(elsewhere, {}), { type: 'busy' });
});

test('a new order is refused without a look-up, and an old key gets no new order in', async () => {
  const { placeOrder, queries } = fullProcess();
  await assert.rejects(placeOrder(toCandidate(store.id, newId(), request), {}), { type: 'busy' });
  assert.equal(queries(), 0);
  await assert.rejects(placeOrder(toCandidate(store.id, newId(Date.now() - OLD_MS), request), {}), { type: 'busy' });
  assert.equal(queries(), 1);
});

test('an old key whose order nobody finds in time is refused for the reason that it has, however long Postgres says nothing', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { placeOrder } = fullProcess(createIdempotencyCache(10), { query: () => new Promise<never>(() => {}) });
  // The first is asked about alone, the others wait behind it.
  const keys = Array.from({ length: 3 }, () => newId(Date.now() - OLD_MS));
  const refused = keys.map((key) =>
    assert.rejects(placeOrder(toCandidate(store.id, key, request), {}), { type: 'busy' }),
  );
  await turn();
  t.mock.timers.tick(BOUNDS.lookUpWithinMs);
  await Promise.all(refused);
});

test('what is remembered and no longer in Postgres is taken anew', async () => {
  const acknowledged = createIdempotencyCache(10);
  const { placeOrder } = fullProcess(acknowledged);
  const lost = toCandidate(store.id, newId(), request);
  acknowledged.add(lost);
  await assert.rejects(placeOrder(lost, {}), { type: 'busy' });
  assert.equal(acknowledged.hashOf(lost), undefined);
});

test('so many orders are remembered, and the oldest goes first', () => {
  const acknowledged = createIdempotencyCache(2);
  const orders = Array.from({ length: 3 }, () => orderAt(store.id));
  for (const order of orders) acknowledged.add(order);
  assert.deepEqual(
    orders.map(({ id }) => acknowledged.knows(id)),
    [false, true, true],
  );
});
