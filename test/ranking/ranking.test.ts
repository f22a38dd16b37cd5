import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import type { Queryable } from '../../src/platform/db/pool.ts';
import { connectRedis, untilReady } from '../../src/platform/redis/redis.ts';
import { createMemoryCounts } from '../../src/ranking/memory-counts.ts';
import { createRankingSource, rankingKey } from '../../src/ranking/ranking-source.ts';
import { createRedisCounts } from '../../src/ranking/redis-counts.ts';
import { ADMIN_KEY, openShop, type Shop } from '../events/shop.ts';
import { startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';
import { startRedis } from '../support/services.ts';
import { makeStore } from '../support/store.ts';

const redis = await startRedis({ after });
const client = new Redis(redis.url);
atEndOf({ after }, async () => client.disconnect());

const shops: Record<string, Shop> = {
  'in process': await openShop({ after }),
  redis: await openShop({ after }, { env: { REDIS_URL: redis.url } }),
};

/** Name, portions and movement, by rank. */
async function rankingOf(shop: Shop, query = '', base = `/api/v1/stores/${shop.store.id}`) {
  const { status, body } = await shop.api.client.call(`${base}/ranking${query}`);
  assert.equal(status, 200);
  for (const [index, item] of body.items.entries()) assert.equal(item.rank, index + 1);
  return body.items.map((item: { name: { en: string }; count: number; movement: number | null }) => [
    item.name.en,
    item.count,
    item.movement,
  ]);
}

for (const [name, shop] of Object.entries(shops)) {
  test(`${name}: what was ordered is ranked, what was cancelled is not, in each window`, async () => {
    assert.deepEqual(await rankingOf(shop), []);
    const orders = [await shop.order(['stew', 'beer']), await shop.order(['beer']), await shop.order(['beer', 'soju'])];
    for (const window of ['hour', 'day', 'week']) {
      await eventually(async () =>
        assert.deepEqual(
          (await rankingOf(shop, `?window=${window}&limit=1`)).concat(await rankingOf(shop, `?window=${window}`)),
          [
            ['beer', 3, null],
            ['beer', 3, null],
            ['soju', 1, null],
            ['stew', 1, null],
          ],
        ),
      );
    }
    const cancelled = await shop.call(`/orders/${orders[2]!.id}?token=${orders[2]!.token}`, { method: 'DELETE' });
    assert.equal(cancelled.status, 200);
    await eventually(async () =>
      assert.deepEqual(await rankingOf(shop, '?window=hour'), [
        ['beer', 2, null],
        ['stew', 1, null],
      ]),
    );
  });

  test(`${name}: movement is what was won since the window before; a dish that was not in it is new`, async () => {
    const { db } = shop.api;
    const { stew, beer } = shop.store.dishes;
    // Two hours ago: stew before beer, no soju. As a busy evening leaves it in Postgres.
    await db.transaction(async (tx) => {
      const { rows } = await tx.query<{ seq: number }>(
        'UPDATE ranking_head SET seq = seq + 1 WHERE store_id = $1 RETURNING seq',
        [shop.store.id],
      );
      await tx.query(
        `INSERT INTO ranking_hour (store_id, hour, item_id, quantity, seq)
         SELECT $1, date_trunc('hour', now(), 'UTC') - interval '2 hours', item, portions, $4
         FROM unnest($2::uuid[], $3::int[]) AS t (item, portions)`,
        [shop.store.id, [stew.id, beer.id], [8, 4], rows[0]!.seq],
      );
    });
    await shop.order(['soju']);
    await eventually(async () =>
      assert.deepEqual(await rankingOf(shop, '?window=hour'), [
        ['beer', 2, 1],
        ['soju', 1, null],
        ['stew', 1, -2],
      ]),
    );
    // Each window is cached by itself, each right within a second.
    await eventually(async () =>
      assert.deepEqual(await rankingOf(shop), [
        ['stew', 9, null],
        ['beer', 6, null],
        ['soju', 1, null],
      ]),
    );
  });

  test(`${name}: the answer lies ready: an ETag is answered with 304`, async () => {
    const path = `/api/v1/stores/${shop.store.id}/ranking`;
    const first = await shop.api.client.call(path);
    const again = await shop.api.client.call(path, { headers: { 'if-none-match': String(first.headers.etag) } });
    assert.equal(again.status, 304);
    assert.match(String(first.headers['content-type']), /^application\/json/);
  });

  test(`${name}: bad values are told by name and with what is allowed`, async () => {
    for (const [query, field] of [
      ['?window=month', 'window'],
      ['?window=', 'window'],
      ['?limit=0', 'limit'],
      ['?limit=51', 'limit'],
      ['?limit=ten', 'limit'],
      ['?limit=1e1', 'limit'],
      ['?limit=99999999999999999999', 'limit'],
    ] as const) {
      for (const base of [`/api/v1/stores/${shop.store.id}`, '/api/v1']) {
        const answer = await shop.api.client.call(`${base}/ranking${query}`);
        assertProblem(answer, 'invalid', field);
        assert.ok(answer.body.fields[0].allowed);
      }
    }
    assertProblem(await shop.api.client.call('/api/v1/stores/no-such-store/ranking'), 'not-found');
    assertProblem(await shop.api.client.call('/api/v1/ranking?brand=no-such-brand'), 'not-found');
    assertProblem(await shop.api.client.call('/api/v1/ranking?brand=%00'), 'invalid', 'brand');
  });
}

test('a flushed Redis, or none, costs the ranking nothing: it is made again from Postgres', async (t) => {
  const shop = shops.redis!;
  await eventually(async () => assert.equal((await rankingOf(shop, '?window=week')).length, 3));
  await client.flushall();
  await shop.order(['soju']);
  await eventually(async () => {
    const [, , , ...rest] = await rankingOf(shop, '?window=week');
    assert.deepEqual(rest, []);
    assert.deepEqual((await rankingOf(shop, '?window=week')).find(([dish]: [string]) => dish === 'soju')[1], 2);
  });
  // A process without Redis reads the same from Postgres alone.
  const alone = await startTestApp(t, { databaseUrl: shop.api.databaseUrl });
  await eventually(async () => {
    const { body } = await alone.client.call(`/api/v1/stores/${shop.store.id}/ranking?window=week`);
    assert.deepEqual(body, (await shop.call('/ranking?window=week')).body);
  });
});

test('with Redis a ranking is read without asking Postgres anything, also when it is another one meanwhile', async () => {
  const shop = shops.redis!;
  const asked: unknown[] = [];
  const db = {
    query: (...args: Parameters<Queryable['query']>) => {
      asked.push(args[0]);
      return shop.api.db.query(...args);
    },
  } as Queryable;
  const commands = connectRedis(redis.url, { as: 'commands', bounded: false });
  atEndOf({ after }, async () => commands.disconnect());
  await eventually(() => untilReady(commands, 1_000), 'Redis is ready');
  const shared = createRedisCounts(commands);
  const source = createRankingSource({ db, shared, own: createMemoryCounts(1), checkEveryMs: 1, now: Date.now });
  const key = rankingKey(`store/${shop.store.id}`, 'hour', 10);
  const read = async () => (await source.load(key)).version;
  await rankingOf(shop, '?window=hour');
  // Once, for the names of the dishes.
  const before = await read();
  await shop.order(['beer', 'stew', 'soju']);
  await eventually(async () => assert.notEqual(await read(), before));
  asked.length = 0;
  for (let times = 0; times < 50; times += 1) await read();
  assert.deepEqual(asked, []);
});

test('a process that works nothing off shows what another one counts', async (t) => {
  const shop = shops['in process']!;
  const other = await startTestApp(t, { databaseUrl: shop.api.databaseUrl });
  const read = async () =>
    (await other.client.call(`/api/v1/stores/${shop.store.id}/ranking?window=hour`)).body.items[0];
  const before = (await read()).count;
  for (let times = 0; times < 3; times += 1) await shop.order(['beer']);
  await eventually(async () => assert.equal((await read()).count, before + 3));
});

test('a brand’s dish is one dish in all its stores; everybody’s ranking has every brand’s', async (t) => {
  const api = await startTestApp(t, { withJobs: true, env: { REDIS_URL: redis.url } });
  const { db } = api;
  const stores = [
    await makeStore(db, { stew: { price: 1_000 }, beer: { price: 1_000 } }),
    await makeStore(db, { stew: { price: 1_000 } }),
    await makeStore(db, { stew: { price: 1_000 } }),
  ];
  // The first two are of one brand, the third of its own.
  await db.query('UPDATE store SET brand_id = $1 WHERE id = $2', [stores[0]!.id, stores[1]!.id]);
  const order = async (at: number, dish: 'stew' | 'beer', quantity: number) => {
    const store = stores[at]!;
    const itemId = (store.dishes as Record<string, { id: string }>)[dish]!.id;
    assert.equal((await api.client.order(store.id, { lines: [{ itemId, quantity }] })).status, 201);
  };
  await order(0, 'stew', 2);
  await order(1, 'stew', 3);
  await order(0, 'beer', 4);
  await order(2, 'stew', 6);
  const read = async (query: string) =>
    (await api.client.call(`/api/v1/ranking?window=hour${query}`)).body.items.map(
      (item: { name: { en: string }; count: number }) => [item.name.en, item.count],
    );
  const counted = async () => {
    const { rows } = await db.query<{ sum: number }>('SELECT sum(quantity)::int AS sum FROM ranking_hour');
    assert.equal(rows[0]!.sum, 15);
  };
  await eventually(counted);
  await db.query(`SELECT graphile_worker.add_job('ranking')`);
  await eventually(async () =>
    assert.deepEqual(await read(''), [
      ['stew', 6],
      ['stew', 5],
      ['beer', 4],
    ]),
  );
  const brand = `&brand=brand-${stores[0]!.slug}`;
  assert.deepEqual(await read(brand), [
    ['stew', 5],
    ['beer', 4],
  ]);
  const { body } = await api.client.call(`/api/v1/ranking?window=hour${brand}`);
  const ids = [stores[0]!.dishes.stew.id, stores[1]!.dishes.stew.id];
  assert.ok(ids.includes(body.items[0].itemId));
  // A cancel counts back there too.
  const { rows } = await db.query<{ id: string }>('SELECT id FROM orders WHERE store_id = $1', [stores[2]!.id]);
  const path = `/api/v1/stores/${stores[2]!.id}/orders/${rows[0]!.id}`;
  assert.equal((await api.client.call(path, { method: 'DELETE', token: ADMIN_KEY })).status, 200);
  await db.query(`SELECT graphile_worker.add_job('ranking')`);
  await eventually(async () =>
    assert.deepEqual(await read(''), [
      ['stew', 5],
      ['beer', 4],
    ]),
  );
});
