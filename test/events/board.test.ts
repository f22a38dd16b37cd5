import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import type { OrderStatus } from '../../src/contract/index.ts';
import { shownOf } from '../../src/kitchen/board/board-moves.ts';
import { createRedisBoardCache } from '../../src/kitchen/board/redis-board-cache.ts';
import { newId } from '../../src/platform/id.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import { startRedis } from '../support/services.ts';
import { openShop, type Shop } from './shop.ts';
import { openSse } from './sse.ts';

const service = await startRedis({ after });
const redis = new Redis(service.url);
after(async () => redis.disconnect());

const envOf: Record<string, Record<string, string>> = { 'in process': {}, redis: { REDIS_URL: service.url } };
const shops: Record<string, Shop> = {
  'in process': await openShop({ after }),
  redis: await openShop({ after }, { env: envOf.redis! }),
};

for (const [name, shop] of Object.entries(shops)) {
  const board = async () => (await shop.call('/board')).body;
  const advance = async (orderId: string, to: string) => {
    assert.equal((await shop.advance(await shop.ticketOf(orderId, 'soup'), to)).status, 200);
  };

  test(`${name}: a number is cooking, then ready, then gone; what nobody has begun or is carried to a table is not on the board`, async () => {
    const carried = await shop.order(['stew'], '3');
    await advance(carried.id, 'ready');
    const order = await shop.order();
    await shop.ticketOf(order.id, 'soup');
    const page = await openSse(shop.url('/board/events'));
    await eventually(() => assert.ok(page.events.length > 0));
    const expected = [
      ['cooking', { cooking: [order.number], ready: [] }],
      ['ready', { cooking: [], ready: [order.number] }],
      ['served', { cooking: [], ready: [] }],
    ] as const;
    for (const [to, shown] of expected) {
      await advance(order.id, to);
      await eventually(async () => assert.deepEqual(await board(), shown));
      await eventually(() => assert.deepEqual(page.events.at(-1)?.data, shown));
      if (to === 'served') break;
    }
    page.close();
  });

  test(`${name}: an order that the kitchen refuses tells its guest why, on the page and in its stream`, async () => {
    const { id, token } = await shop.order();
    const asGuest = async () => (await shop.call(`/orders/${id}`, { token })).body;
    // Known from before.
    assert.equal((await asGuest()).status, 'placed');
    const stream = await openSse(shop.url(`/orders/${id}/events?token=${token}`));
    const refuse = (query: string, key: string) =>
      shop.call(`/orders/${id}?${query}`, { method: 'DELETE', token: key });
    const guests = await refuse('reason=closing', token);
    assert.deepEqual([guests.status, guests.body.type], [403, 'forbidden']);
    const unknown = await refuse('reason=mood', shop.kitchenKey);
    assert.deepEqual([unknown.status, unknown.body.fields[0].field], [422, 'reason']);
    const refused = await refuse('reason=closing&returnPortions=false', shop.kitchenKey);
    assert.deepEqual([refused.status, refused.body.cancelReason], [200, 'closing']);
    await eventually(() => assert.equal(stream.events.at(-1)?.data.reason, 'closing'));
    await eventually(async () => {
      const { status, cancelReason } = await asGuest();
      assert.deepEqual([status, cancelReason], ['cancelled', 'closing']);
    });
    // What is cancelled stays so, for the first reason.
    assert.equal((await refuse('reason=asked', shop.kitchenKey)).body.cancelReason, 'closing');
    stream.close();
  });

  test(`${name}: the last twenty, the latest first, and the next when one of them is picked up`, async () => {
    const orders: Awaited<ReturnType<Shop['order']>>[] = [];
    for (let count = 0; count < 23; count += 1) {
      const order = await shop.order();
      await advance(order.id, 'ready');
      orders.unshift(order);
    }
    const numbers = orders.map(({ number }) => number);
    await eventually(async () => assert.deepEqual((await board()).ready, numbers.slice(0, 20)));
    const page = await openSse(shop.url('/board/events'));
    await advance(orders[0]!.id, 'served');
    for (const shown of [async () => (await board()).ready, async () => page.events.at(-1)?.data.ready]) {
      await eventually(async () => assert.deepEqual(await shown(), numbers.slice(1, 21)));
    }
    page.close();
  });
}

test('a flushed Redis costs the board nothing: it is made again from Postgres', async () => {
  const shop = shops.redis!;
  const before = (await shop.call('/board')).body;
  assert.equal(before.ready.length, 20);
  assert.equal(await redis.exists(`board:{${shop.store.id}}`), 1);
  await redis.flushall();
  assert.deepEqual((await shop.call('/board')).body, before);
  assert.ok(JSON.parse((await redis.get(`board:{${shop.store.id}}`))!).length > 20);
});

test('what moves while the Redis board is read from Postgres, in whatever order it is told, is not undone by it', async (t) => {
  const { db } = shops.redis!.api;
  /** Postgres answers a look when it is told to: by then the answer is old. */
  let release = () => {};
  let looked = () => {};
  let lookedAt = Promise.resolve();
  const slow = {
    ...db,
    async query(...args: Parameters<typeof db.query>) {
      const answer = await db.query(...args);
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      looked();
      await gate;
      return answer;
    },
  } as typeof db;
  const client = new Redis(service.url);
  t.after(async () => client.disconnect());
  const boardCache = createRedisBoardCache(client, slow);
  const storeId = newId();
  const orderId = newId();
  const move = (seq: number, status: OrderStatus) => ({ orderId, number: 1, seq, status, atMs: Date.now() });
  for (const [first, second] of [
    [move(2, 'cooking'), move(3, 'ready')],
    [move(3, 'ready'), move(2, 'cooking')],
  ] as const) {
    await redis.flushall();
    lookedAt = new Promise((resolve) => {
      looked = resolve;
    });
    const reading = boardCache.read(storeId);
    await lookedAt;
    await boardCache.moved(storeId, first);
    await boardCache.moved(storeId, second);
    release();
    // What was read is as old as it is; whoever looks next has what moved since.
    assert.deepEqual(shownOf(await reading), { cooking: [], ready: [] });
    assert.deepEqual(shownOf(await boardCache.read(storeId)), { cooking: [], ready: [1] });
  }
  await boardCache.moved(storeId, move(4, 'served'));
  await boardCache.moved(storeId, move(3, 'ready'));
  assert.deepEqual(shownOf(await boardCache.read(storeId)), { cooking: [], ready: [] });
  // Without a reader nothing is written: moves of a store that nobody watches cost no memory.
  const unwatched = newId();
  await boardCache.moved(unwatched, move(2, 'cooking'));
  assert.equal(await redis.exists(`board:{${unwatched}}:moves`), 0);
});

for (const [name, shop] of Object.entries(shops)) {
  test(`${name}: yesterday’s number 1 that nobody picked up and today’s are both on the board`, async () => {
    const own = await openShop({ after }, { databaseUrl: shop.api.databaseUrl, env: envOf[name]! });
    const [yesterdays, todays] = [await own.order(), await own.order()];
    await own.api.db.query(`UPDATE orders SET number = 1, day = day - 1 WHERE store_id = $1 AND id = $2`, [
      own.store.id,
      yesterdays.id,
    ]);
    await own.api.db.query('UPDATE orders SET number = 1 WHERE store_id = $1 AND id = $2', [own.store.id, todays.id]);
    const page = await openSse(own.url('/board/events'));
    const ready = async (id: string) => (await own.advance(await own.ticketOf(id, 'soup'), 'ready')).body;
    const first = await ready(yesterdays.id);
    await ready(todays.id);
    const shows = (numbers: number[]) =>
      eventually(async () => {
        assert.deepEqual((await own.call('/board')).body.ready, numbers);
        assert.deepEqual(page.events.at(-1)?.data.ready, numbers);
      });
    await shows([1, 1]);
    assert.equal((await own.advance(first, 'served')).status, 200);
    await shows([1]);
    page.close();
  });
}

test('a guest who polls is answered from the Redis hash, follows every change, and survives a flush', async () => {
  const shop = shops.redis!;
  const order = await shop.order();
  const key = `order:{${shop.store.id}}:${order.id}`;
  const poll = async () => (await shop.call(`/orders/${order.id}`, { token: order.token })).body;
  const first = await poll();
  assert.equal(first.status, 'placed');
  assert.equal(await redis.hget(key, 'status'), 'placed');
  // Only the hash can know this: so it is what answers.
  await redis.hset(key, 'view', JSON.stringify({ ...first, table: 'from the hash' }));
  assert.equal((await poll()).table, 'from the hash');
  const ticket = await shop.ticketOf(order.id, 'soup');
  const cooking = (await shop.advance(ticket, 'cooking')).body;
  await eventually(async () => assert.equal((await poll()).status, 'cooking'));
  await redis.flushall();
  assert.deepEqual(await poll(), { ...first, status: 'cooking' });
  // An older event that arrives late changes nothing.
  await shop.advance(cooking, 'ready');
  await eventually(async () => assert.equal((await poll()).status, 'ready'));
  const foreign = await shop.call(`/orders/${order.id}`, { token: 'not-its-own' });
  assert.equal(foreign.status, 404);
});

test('without Redis, though it was promised, everything is answered from Postgres', async (t) => {
  const mortal = await startRedis(t);
  const shop = await openShop(t, { env: { REDIS_URL: mortal.url } });
  const order = await shop.order();
  await mortal.stop();
  const ticket = await shop.ticketOf(order.id, 'soup');
  assert.equal((await shop.advance(ticket, 'ready')).status, 200);
  assert.equal((await shop.call(`/orders/${order.id}`, { token: order.token })).body.status, 'ready');
  assert.deepEqual((await shop.call('/board')).body, { cooking: [], ready: [order.number] });
  const slip = await shop.call('/print/soup/next?wait=50', { token: shop.kitchenKey });
  assert.equal(slip.body.orderId, order.id);
});

test('a look at the head of a stream is answered as the stream would be, without a word of it, and whoever may not follow may not look', async () => {
  const shop = shops['in process']!;
  const { id, token } = await shop.order();
  const heads: Record<string, string | undefined> = {
    '/board/events': undefined,
    '/door/events': undefined,
    '/kitchen/events': shop.kitchenKey,
    '/bills/events': ADMIN_KEY,
    [`/orders/${id}/events`]: token,
    [`/orders/${id}/bill/events`]: token,
  };
  for (const [path, key] of Object.entries(heads)) {
    const look = (headers: Record<string, string>) => fetch(shop.url(path), { method: 'HEAD', headers });
    const seen = await look(key ? { authorization: `Bearer ${key}` } : {});
    assert.deepEqual([seen.status, seen.headers.get('content-type')], [200, 'text/event-stream; charset=utf-8'], path);
    assert.equal(await seen.text(), '');
    if (key) assert.ok([401, 403, 404].includes((await look({})).status), path);
  }
});
