import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { SlotCounts } from '../../src/order/line/arrivals.ts';
import { createMemoryLineExchange, type LineExchange } from '../../src/order/line/line-exchange.ts';
import { createPostgresLineExchange } from '../../src/order/line/postgres-line-exchange.ts';
import { createRedisLineExchange } from '../../src/order/line/redis-line-exchange.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { connectRedis, untilReady } from '../../src/platform/redis/redis.ts';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';
import { startRedis, startRedisCluster } from '../support/services.ts';

const NOW_SLOT = 1_795_000_000;

async function redisAt(urls: string): Promise<LineExchange> {
  const redis = connectRedis(urls, { as: 'commands', bounded: false });
  after(() => redis.disconnect());
  await eventually(() => untilReady(redis, 1_000), `Redis at ${urls} is ready`);
  return createRedisLineExchange(redis);
}

/** One exchange as two processes see it. */
const exchanges: Record<string, () => Promise<LineExchange>> = {
  memory: async () => createMemoryLineExchange(() => NOW_SLOT * 1_000),
  Postgres: async () => {
    const db = openDb({ url: (await testDatabase()).url, connectionsMax: 4 });
    after(() => db.close());
    return createPostgresLineExchange(db);
  },
  Redis: async () => redisAt((await startRedis({ after })).url),
  'Redis Cluster': async () => redisAt((await startRedisCluster({ after })).url),
};

const counts = (...slots: [number, number, number][]): SlotCounts =>
  new Map(slots.map(([slot, arrived, admitted]) => [NOW_SLOT + slot, { arrived, admitted }]));
const told = (all: SlotCounts | undefined) =>
  [...(all ?? [])]
    .filter(([, { arrived, admitted }]) => arrived + admitted > 0)
    .map(([slot, { arrived, admitted }]) => [slot - NOW_SLOT, arrived, admitted])
    .sort(([one], [other]) => one! - other!);

// Before the first test is known: what a file waits for afterwards may find its services ended.
const made = await Promise.all(Object.entries(exchanges).map(async ([name, make]) => [name, await make()] as const));

for (const [name, exchange] of made) {
  const shareAll = async (
    storeId: string,
    of: SlotCounts,
    { teller = newId(), turn = 1, came = 0, doneBefore = 0 } = {},
  ) => (await exchange.share([{ storeId, teller, turn, counts: of, doneBefore, came }])).get(storeId);
  const share = async (storeId: string, of: SlotCounts, doneBefore = 0, by: { teller?: string; turn?: number } = {}) =>
    told((await shareAll(storeId, of, { doneBefore, ...by }))?.counts);

  test(`${name}: what processes count adds up, store by store`, async () => {
    const [store, other] = [newId(), newId()];
    assert.deepEqual(await share(store, counts([0, 3, 0], [1, 2, 0])), [
      [0, 3, 0],
      [1, 2, 0],
    ]);
    assert.deepEqual(await share(store, counts([1, 5, 1], [0, 0, 3])), [
      [0, 3, 3],
      [1, 7, 1],
    ]);
    assert.deepEqual(await share(other, counts([7, 1, 0])), [[7, 1, 0]]);
    assert.deepEqual(await share(store, counts()), [
      [0, 3, 3],
      [1, 7, 1],
    ]);
  });

  test(`${name}: many who tell at once lose nothing`, async () => {
    const stores = [newId(), newId(), newId()];
    await Promise.all(
      Array.from({ length: 40 }, (_, turn) =>
        exchange.share(
          stores
            .map((storeId) => ({
              storeId,
              teller: newId(),
              turn: 1,
              counts: counts([turn % 3, 1, 0], [3, 2, 1]),
              doneBefore: 0,
              came: 0,
            }))
            .slice(turn % 2),
        ),
      ),
    );
    for (const [place, storeId] of stores.entries()) {
      const all = await share(storeId, counts());
      const turns = place === 0 ? 20 : 40;
      assert.equal(
        all.reduce((sum, [, arrived]) => sum + arrived!, 0),
        3 * turns,
      );
      assert.deepEqual(all.at(-1), [3, 2 * turns, turns]);
    }
  });

  test(`${name}: what is told again because its answer was lost counts once, also when it comes late`, async () => {
    const [store, teller, other] = [newId(), newId(), newId()];
    const first = counts([0, 3, 1]);
    await share(store, first, 0, { teller, turn: 1 });
    assert.deepEqual(await share(store, first, 0, { teller, turn: 1 }), [[0, 3, 1]]);
    await share(store, counts([1, 1, 0]), 0, { teller, turn: 2 });
    assert.deepEqual(await share(store, first, 0, { teller, turn: 1 }), [
      [0, 3, 1],
      [1, 1, 0],
    ]);
    // Each teller has its own turns, and each store its own tellers.
    assert.deepEqual(await share(store, first, 0, { teller: other, turn: 1 }), [
      [0, 6, 2],
      [1, 1, 0],
    ]);
    assert.deepEqual(await share(newId(), first, 0, { teller, turn: 1 }), [[0, 3, 1]]);
    // At once, as a command that was held up on its way and the one that took its place.
    await Promise.all([3, 3, 3, 3].map((turn) => share(store, counts([2, 5, 0]), 0, { teller, turn })));
    assert.deepEqual((await share(store, counts())).at(-1), [2, 5, 0]);
  });

  test(`${name}: everybody hears how far each process is and how many it has served, of what it told last`, async () => {
    const [store, one, other] = [newId(), newId(), newId()];
    const heard = async (of: SlotCounts, by: { teller: string; turn: number; came: number }) =>
      Object.fromEntries((await shareAll(store, of, by))!.tellers);
    const alive = counts([0, 0, 0]);
    assert.deepEqual(await heard(alive, { teller: one, turn: 1, came: 0 }), { [one]: { turn: 1, came: 0 } });
    const both = { [one]: { turn: 1, came: 0 }, [other]: { turn: 4, came: 7 } };
    assert.deepEqual(await heard(alive, { teller: other, turn: 4, came: 7 }), both);
    // What comes late says nothing new, and who only asks says nothing.
    assert.deepEqual(await heard(alive, { teller: other, turn: 3, came: 2 }), both);
    assert.deepEqual(await heard(counts(), { teller: one, turn: 9, came: 9 }), both);
    const later = { ...both, [one]: { turn: 2, came: 3 } };
    assert.deepEqual(await heard(alive, { teller: one, turn: 2, came: 3 }), later);
  });

  test(`${name}: what is done is forgotten`, async () => {
    const store = newId();
    await share(store, counts([0, 3, 3], [1, 2, 0]));
    await share(store, counts(), NOW_SLOT + 1);
    assert.deepEqual(await share(store, counts()), [[1, 2, 0]]);
  });
}
