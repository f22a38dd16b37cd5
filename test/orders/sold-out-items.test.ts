import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createMemorySoldOutItems, createRedisSoldOutItems, type SoldOutItems } from '../../src/menu/index.ts';
import { openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { connectRedis, type RedisClient, untilReady } from '../../src/platform/redis/redis.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';
import { atEnd, PATIENT, testDatabase } from '../support/postgres.ts';
import { startRedis, startRedisCluster } from '../support/services.ts';
import { makeStore } from '../support/store.ts';

const db = openDb({ ...PATIENT, url: (await testDatabase()).url, connectionsMax: 2 });
atEnd(() => db.close());

async function connect(url: string): Promise<RedisClient> {
  const client = connectRedis(url, { as: 'commands', bounded: false });
  atEndOf({ after }, async () => client.disconnect());
  await eventually(() => untilReady(client, 1_000), `Redis at ${url} is ready`);
  return client;
}

const clients = {
  Redis: await connect((await startRedis({ after })).url),
  'a Cluster of three': await connect((await startRedisCluster({ after })).url),
};

let looks = 0;
/** Waits before it answers, until it is told to. */
let hold: Promise<void> | undefined;
const counted: Queryable = {
  async query(text, values, name) {
    looks += 1;
    const answer = await db.query(text, values, name);
    await hold;
    return answer as never;
  },
};

const adapters: Record<string, SoldOutItems> = {
  'in process': createMemorySoldOutItems(counted),
  Redis: createRedisSoldOutItems(clients.Redis, counted),
  'a Cluster of three': createRedisSoldOutItems(clients['a Cluster of three'], counted),
};

for (const [name, items] of Object.entries(adapters)) {
  const newStore = () =>
    makeStore(db, {
      off: { price: 1, soldOut: true },
      none: { price: 1, remaining: 0 },
      some: { price: 1, remaining: 3 },
      free: { price: 1 },
    });
  const idsOf = (store: Awaited<ReturnType<typeof newStore>>) => {
    const { off, none, some, free } = store.dishes;
    return { off: off.id, none: none.id, some: some.id, free: free.id, all: [off.id, none.id, some.id, free.id] };
  };

  test(`${name}: what is switched off or has nothing left is known, and asked for once however many ask at once`, async () => {
    const store = await newStore();
    const { off, none, all } = idsOf(store);
    looks = 0;
    const told = await Promise.all(Array.from({ length: 300 }, () => items.among(store.id, all)));
    for (const gone of told) assert.deepEqual(gone, [off, none]);
    assert.ok(looks <= 2, `${looks} looks`);
  });

  test(`${name}: a store where nothing is sold out is known too; another store’s dish is not among its own`, async () => {
    const [store, other] = [await newStore(), await makeStore(db, { dish: { price: 1 } })];
    const { off } = idsOf(store);
    assert.deepEqual(await items.among(other.id, [off, other.dishes.dish.id]), []);
    assert.deepEqual(await items.among(store.id, [off]), [off]);
  });

  test(`${name}: what is heard of is known at once, also when nobody knows which dishes`, async () => {
    const store = await newStore();
    const { off, none, some, all } = idsOf(store);
    await db.query('UPDATE stock SET offered = 0 WHERE item_id = $1', [some]);
    // Whatever is heard before anybody asked changes nothing.
    await items.changed(store.id, { gone: [some] });
    await items.changed(store.id, { back: [none] });
    assert.deepEqual(await items.among(store.id, all), [off, none, some]);
    await db.query('UPDATE stock SET offered = 5 WHERE item_id = ANY($1::uuid[])', [[none, some]]);
    await items.changed(store.id, { back: [none, some] });
    assert.deepEqual(await items.among(store.id, all), [off]);
    await db.query('UPDATE item SET sold_out = false WHERE id = $1', [off]);
    await items.changed(store.id, {});
    assert.deepEqual(await items.among(store.id, all), []);
  });

  test(`${name}: a dish that comes back while it is read, and a change that nobody hears of, are wrong for a moment only`, async () => {
    const store = await newStore();
    const { none, all } = idsOf(store);
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    looks = 0;
    const asked = items.among(store.id, all);
    await eventually(() => looks === 1);
    await db.query('UPDATE stock SET offered = 5 WHERE item_id = $1', [none]);
    await items.changed(store.id, { back: [none] });
    release();
    hold = undefined;
    // What was read before it came back says the one or the other: on a slow machine it is too old to be kept.
    await asked;
    await eventually(async () => assert.ok(!(await items.among(store.id, all)).includes(none)));
  });
}

test('the set of Redis ends 0.8 s after the look that it is of began, whatever is heard meanwhile', async () => {
  const store = await makeStore(db, { dish: { price: 1, remaining: 0 } });
  const redis = clients.Redis;
  const key = `soldout:{${store.id}}`;
  const [items, id] = [adapters.Redis!, store.dishes.dish.id];
  const [beforeS, beforeUs] = (await redis.time()).map(Number) as [number, number];
  await items.among(store.id, [id]);
  const endsMs = await redis.pexpiretime(key);
  const [afterS, afterUs] = (await redis.time()).map(Number) as [number, number];
  // It may have ended on a slow machine; then it is not there.
  if (endsMs !== -2) {
    assert.ok(endsMs >= beforeS * 1_000 + Math.floor(beforeUs / 1_000) + 800);
    assert.ok(endsMs <= afterS * 1_000 + afterUs / 1_000 + 800);
  }
  await items.changed(store.id, { gone: [id] });
  const later = await redis.pexpiretime(key);
  assert.ok(later === endsMs || later === -2, `${later} after ${endsMs}`);
  // A set that nobody made has no end; nobody makes one by what is heard.
  await redis.unlink(key);
  await items.changed(store.id, { gone: [id] });
  assert.equal(await redis.exists(key), 0);
});
