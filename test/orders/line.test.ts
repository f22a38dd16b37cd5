import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createPlaceTokens } from '../../src/order/line/place-token.ts';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, SECRET, startTestApp, type TestApp, type TestAppOptions } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { background } from '../support/background.ts';
import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { startRedis } from '../support/services.ts';
import { makeStore } from '../support/store.ts';
import { assertAllServed, assertInOrder, openCrowd } from './crowd/crowd-at-store.ts';
import { proveOneRoom } from './crowd/prove-one-room.ts';

/** Processes of one database; the first also works its jobs. */
async function startProcesses(options: TestAppOptions = {}): Promise<[TestApp, TestApp]> {
  const first = await startTestApp({ after }, { withJobs: true, ...options });
  return [first, await startTestApp({ after }, { ...options, databaseUrl: first.databaseUrl })];
}

const redis = await startRedis({ after });
const byPostgres = await startProcesses();
const byRedis = await startProcesses({ env: { REDIS_URL: redis.url } });

/** A kitchen of one portion, full with an order that nobody cooks yet: whoever comes now has to wait. */
async function fullShop(processes: readonly [TestApp, TestApp] = byPostgres) {
  const [first] = processes;
  const store = await makeStore(first.db, { stew: { price: 9_000, station: 'soup' } });
  const path = `/api/v1/stores/${store.id}`;
  const pacing = { strategy: 'load', stations: [{ station: 'soup', capacity: 1 }] };
  const set = await first.client.call(`${path}/pacing`, { method: 'PUT', token: ADMIN_KEY, body: pacing });
  assert.equal(set.status, 200);
  const lines = [{ itemId: store.dishes.stew.id, quantity: 1 }];
  const send = (key: string, place?: string, app = first): Promise<Answer> =>
    app.client.call(`${path}/orders`, { key, body: { lines }, ...(place && { headers: { 'line-place': place } }) });
  const look = (place: string, app = first): Promise<Answer> =>
    app.client.call(`${path}/line`, { headers: { 'line-place': place } });
  const blocking = await send(newId());
  assert.equal(blocking.status, 201);
  // A process believes for a moment that there is room still, and would let the first one in to be refused again.
  for (const { client } of processes) {
    await eventually(async () => assert.equal((await client.call(path)).body.state, 'paused'));
  }
  return {
    client: first.client,
    store,
    path,
    send,
    look,
    /** The kitchen finishes whatever it has. */
    async cook(): Promise<void> {
      const { body } = await first.client.call(`${path}/kitchen/tickets?limit=200`, { token: ADMIN_KEY });
      for (const ticket of body.items) {
        if (ticket.status === 'ready') continue;
        const advance = `${path}/kitchen/tickets/${encodeURIComponent(ticket.id)}/advance`;
        await first.client.call(advance, { token: ADMIN_KEY, body: { to: 'served', version: ticket.version } });
      }
    },
    async orders(): Promise<string[]> {
      const { rows } = await first.db.query<{ id: string }>(
        'SELECT id FROM orders WHERE store_id = $1 ORDER BY number',
        [store.id],
      );
      return rows.map(({ id }) => id);
    },
  };
}

type Shop = Awaited<ReturnType<typeof fullShop>>;

/** What a guest's page does: waits with the place as it is told, then sends the same order. */
async function waitAndOrder(shop: Shop, key: string, place: string, app?: TestApp): Promise<Answer> {
  return eventually(async () => {
    const seen = await shop.look(place, app);
    if (seen.status !== 200 || !seen.body.admitted) return false;
    const answer = await shop.send(key, place, app);
    return answer.status !== 503 && answer;
  }, 'the order is let in') as Promise<Answer>;
}

test('an order that finds the kitchen full gets a place, waits with it, and is one order when its turn comes', async () => {
  const shop = await fullShop();
  const key = newId();
  const refused = await shop.send(key);
  assertProblem(refused, 'busy');
  const { token, ahead, etaSeconds } = refused.body.place;
  assert.equal(ahead, 0);
  assert.ok(Number.isInteger(etaSeconds) && etaSeconds >= 1);
  // The same order again is in the same place.
  assert.equal((await shop.send(key)).body.place.token, token);
  assert.equal((await shop.send(key, token)).body.place.token, token);
  const seen = await shop.look(token);
  assert.deepEqual([seen.status, seen.body.admitted, seen.body.ahead], [200, false, 0]);
  assert.ok(seen.body.pollAfterMs > 0);
  assert.equal(seen.headers['cache-control'], 'no-store');

  // Its turn comes when there is something to cook with again.
  await eventually(async () => {
    await shop.cook();
    const { body } = await shop.look(token);
    assert.equal(body.admitted, true);
  });
  const taken = await waitAndOrder(shop, key, token);
  assert.ok(taken.status === 201 || taken.status === 200, JSON.stringify(taken.body));
  assert.equal((await shop.send(key, token)).status, 200);
  assert.equal((await shop.orders()).filter((id) => id === key).length, 1);
});

test('guests who wait are served in the order in which they came', async (t) => {
  const shop = await fullShop();
  const keys: string[] = [];
  const places: string[] = [];
  for (let guest = 0; guest < 6; guest++) {
    const key = newId();
    const { body } = await shop.send(key);
    assert.equal(body.place.ahead, guest);
    keys.push(key);
    places.push(body.place.token);
  }
  const cooking = background(t, async (signal) => {
    while (!signal.aborted) await shop.cook();
  });
  // The last asks the most.
  const answers = await Promise.all(keys.map((key, guest) => waitAndOrder(shop, key, places[guest]!)).toReversed());
  await cooking.end();
  assert.ok(answers.every(({ status }) => status === 201 || status === 200));
  const served = (await shop.orders()).filter((id) => keys.includes(id));
  assert.equal(served.length, 6);
  // Within one batch that was let in together the network decides.
  const distance = Math.max(...served.map((id, at) => Math.abs(keys.indexOf(id) - at)));
  assert.ok(distance <= 4, String(served.map((id) => keys.indexOf(id))));
});

test('a store offered ten times its capacity: everybody has an order or a place and a time, in the order of coming, and nothing is lost', async () => {
  const [{ client, db }] = byPostgres;
  // Whoever waits looks again whenever the kitchen has cooked.
  let turn = Promise.withResolvers<void>();
  const crowd = await openCrowd({ client, db, capacity: 6, prepMinutes: 1, wait: () => turn.promise, nowMs: Date.now });
  const visits = Array.from({ length: 60 }, () => crowd.visit());
  let done = false;
  const all = Promise.all(visits.map(({ served }) => served)).finally(() => {
    done = true;
  });
  while (!done) {
    await crowd.cook(3);
    const before = turn;
    turn = Promise.withResolvers();
    before.resolve();
    await setImmediate();
  }
  await all;
  const guests = visits.map(({ guest }) => guest);
  assert.ok(guests.filter(({ places }) => places.length > 0).length >= 30);
  await assertAllServed(crowd, guests);
  assertInOrder(crowd, guests);
});

test('whoever comes while others wait does not pass them, though there is room', async () => {
  const shop = await fullShop();
  const waiting = newId();
  const { token } = (await shop.send(waiting)).body.place;
  const second = newId();
  const next = (await shop.send(second)).body.place;
  await eventually(async () => {
    await shop.cook();
    const { body } = await shop.look(token);
    assert.equal(body.admitted, true);
  });
  // The first has been let in and has not come yet; the second has to wait, and so has a third without a place.
  const seen = await shop.look(next.token);
  if (!seen.body.admitted) {
    assertProblem(await shop.send(second, next.token), 'busy');
    assertProblem(await shop.send(newId()), 'busy');
  }
  assert.equal((await waitAndOrder(shop, waiting, token)).body.id, waiting);
});

test('a forged, shared, foreign or expired place gains nothing', async () => {
  const shop = await fullShop();
  const owner = newId();
  const { token } = (await shop.send(owner)).body.place;
  await shop.send(newId());
  const tokens = createPlaceTokens(SECRET);
  const at = (atMs: number, storeId = shop.store.id, id = owner) => tokens.sign({ storeId, id, atMs });
  const forged = `${token.slice(0, 30)}${token[30] === 'A' ? 'B' : 'A'}${token.slice(31)}`;
  const expired = at(Date.now() - 3 * 3_600_000);
  const future = at(Date.now() + 3_600_000);
  const foreign = at(Date.now() - 1_000, newId());
  for (const wrong of [
    forged,
    expired,
    future,
    foreign,
    'x',
    createPlaceTokens('another-secret-of-16').sign({ storeId: shop.store.id, id: owner, atMs: 1 }),
  ]) {
    assertProblem(await shop.look(wrong), 'invalid', 'Line-Place');
  }
  assertProblem(await shop.client.call(`${shop.path}/line`), 'invalid', 'Line-Place');
  // Another order with somebody's place is an order without one: it has its own, further back.
  const thief = newId();
  const refused = await shop.send(thief, token);
  assertProblem(refused, 'busy');
  assert.notEqual(refused.body.place.token, token);
  assert.equal(tokens.read(refused.body.place.token, shop.store.id)!.id, thief);
  assert.equal(refused.body.place.ahead, 2);
  for (const wrong of [forged, expired, future, foreign]) {
    const { body } = await shop.send(newId(), wrong);
    assert.ok(body.place.ahead >= 2, JSON.stringify(body.place));
  }
  // A stranger's look at a place neither moves it nor lets it in.
  assert.equal((await shop.look(token)).body.ahead, 0);
});

test('a replay of what was acknowledged is answered though the line is full of others', async () => {
  const shop = await fullShop();
  const [first] = await shop.orders();
  const { token } = (await shop.send(newId())).body.place;
  await shop.look(token);
  assert.equal((await shop.send(first!)).status, 200);
});

test('a pause by hand is no line: it gives no places', async () => {
  const shop = await fullShop();
  const body = { state: 'paused', reason: 'closing' };
  await shop.client.call(`${shop.path}/state`, { method: 'PUT', token: ADMIN_KEY, body });
  const refused = await shop.send(newId());
  assertProblem(refused, 'store-closed');
  assert.equal(refused.body.place, undefined);
});

for (const [name, processes] of Object.entries({ Postgres: byPostgres, Redis: byRedis })) {
  test(`two processes have one line by ${name}: a place of one is good at the other, and nobody passes`, async () => {
    const shop = await fullShop(processes);
    const [one, other] = processes;
    const keys = Array.from({ length: 6 }, () => newId());
    const places: string[] = [];
    for (const [guest, key] of keys.entries()) {
      const { body } = await shop.send(key, undefined, guest % 2 ? other : one);
      places.push(body.place.token);
    }
    // Each knows of the other's guests within a moment.
    await eventually(async () => {
      for (const app of [one, other]) {
        const seen = await Promise.all(places.map(async (place) => (await shop.look(place, app)).body.ahead));
        // By the second: who of the other's guests came first within one it can only guess. Alone it would know of three, two of them
        // in front of its last; and one may have been let in already, by a process that did not know yet how full the kitchen is.
        assert.equal(seen[0], 0);
        assert.ok(Math.max(...seen) >= 3, String(seen));
      }
    });
    await eventually(async () => {
      await shop.cook();
      const { body } = await shop.look(places[0]!, other);
      assert.equal(body.admitted, true);
    });
    assert.equal((await waitAndOrder(shop, keys[0]!, places[0]!, other)).body.id, keys[0]);
  });
}

test('before one full kitchen two processes with Redis let in together what it has room for, not each of them', async () => {
  const client = new Redis(redis.url);
  try {
    await proveOneRoom({
      unheardMax: 0,
      db: byRedis[0].db,
      clients: byRedis.map((app) => app.client),
      async turns(storeId) {
        const fields = Object.entries(await client.hgetall(`line:{${storeId}}`));
        return new Map(fields.flatMap(([field, turn]) => (field.startsWith('t') ? [[field, Number(turn)]] : [])));
      },
    });
  } finally {
    client.disconnect();
  }
});

test('a lost Redis makes nobody lose their place', async () => {
  const shop = await fullShop(byRedis);
  const key = newId();
  const { token } = (await shop.send(key)).body.place;
  const behind = (await shop.send(newId())).body.place.token;
  await eventually(async () => assert.equal((await shop.look(behind)).body.ahead, 1));
  await redis.stop();
  await eventually(async () => {
    const { body } = await shop.look(token);
    assert.deepEqual([body.ahead, body.admitted], [0, false]);
  });
  assert.equal((await shop.look(behind)).body.ahead, 1);
  await eventually(async () => {
    await shop.cook();
    const { body } = await shop.look(token);
    assert.equal(body.admitted, true);
  });
});
