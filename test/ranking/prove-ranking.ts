import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { RANKING_WINDOWS, type RankingWindow } from '../../src/contract/index.ts';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { connectRedis, untilReady } from '../../src/platform/redis/redis.ts';
import { createCatchUp, createMemoryCounts, createRedisCounts, type RankingCounts } from '../../src/ranking/index.ts';
import { EVERYBODY, type OrderRef, type Place } from '../../src/ranking/ports.ts';
import { createCounting } from '../../src/ranking/ranking-job.ts';
import { HOUR_MS, hourOf, KEPT_HOURS, WINDOW_HOURS } from '../../src/ranking/windows.ts';
import { createRandom, type Random } from '../model/random.ts';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';
import { startRedis } from '../support/services.ts';
import { makeStore, type TestStore } from '../support/store.ts';

const DISHES = Array.from({ length: 12 }, (_, index) => `dish-${index}`);
/** Orders of one round: placed, counted, some cancelled. */
const ROUND = 500;

/**
 * Lets several stores sell at random hours of the last two weeks and cancel, with jobs that run twice, in other groups and at once,
 * changes that are lost on their way to Redis and a Redis that is flushed; in the end every ranking is what one plain statement counts.
 */
export async function proveRanking(t: TestContext, { orders, stores: many }: { orders: number; stores: number }) {
  const { url } = await testDatabase(t);
  const db = openDb({ url, connectionsMax: 6, statementTimeoutMs: 0, acquireTimeoutMs: 120_000 });
  t.after(() => db.close());
  const redis = connectRedis((await startRedis(t)).url, { as: 'commands', bounded: false });
  t.after(() => redis.disconnect());
  await eventually(() => untilReady(redis, 1_000), 'Redis is ready');
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const random = createRandom(seed);
  const nowMs = Date.now();
  const shared = createRedisCounts(redis);
  /** Now and then what was committed is not told: its process died in between. */
  const unreliable: RankingCounts = { ...shared, add: async (told) => (random.chance(0.05) ? [] : shared.add(told)) };
  const catchingUp = createCatchUp(db, unreliable, () => nowMs);
  const counting = createCounting(catchingUp);

  const stores = await Promise.all(
    Array.from({ length: many }, () => makeStore(db, Object.fromEntries(DISHES.map((name) => [name, { price: 1 }])))),
  );
  // The first stores are of one brand.
  const brandId = stores[0]!.id;
  await db.query('UPDATE store SET brand_id = $1 WHERE id = ANY($2::uuid[])', [
    brandId,
    stores.slice(0, Math.ceil(many / 2)).map(({ id }) => id),
  ]);
  const places: Place[] = [...stores.map(({ id }): Place => `store/${id}`), `wide/${brandId}`, EVERYBODY];
  for (const place of places) await catchingUp.catchUp(place);

  const live: OrderRef[] = [];
  for (let round = 0; round * ROUND < orders; round += 1) {
    const placed = await placeOrders(db, random, stores, nowMs);
    // Twice, in groups of other sizes, some at once.
    const cut = random.between(1, placed.length - 1);
    const groups = [placed.slice(0, cut), placed.slice(cut), placed.slice(cut >> 1, cut)];
    await Promise.all(groups.map((group) => db.transaction((tx) => counting.placed(tx, group))));
    live.push(...placed);
    const cancelled = random.some(live, Math.min(live.length, ROUND / 10));
    for (const order of cancelled) live.splice(live.indexOf(order), 1);
    await Promise.all(
      cancelled.map((order) =>
        db.transaction(async (tx) => {
          await tx.query(`UPDATE orders SET status = 'cancelled' WHERE store_id = $1 AND id = $2`, [
            order.storeId,
            order.id,
          ]);
          await counting.cancelled(tx, order);
        }),
      ),
    );
    if (round % 10 === 5) {
      await redis.flushall();
      await catchingUp.catchUp(random.pick(places));
    }
    if (round % 4 === 3) await counting.everyMinute(db);
  }
  await counting.everyMinute(db);

  // Nobody has looked at the tables since they were filled, and without that the plain statement below may take minutes.
  await db.query('ANALYZE');
  const own = createMemoryCounts(100);
  const ownCatchUp = createCatchUp(db, own, () => nowMs);
  for (const place of places) {
    await catchingUp.catchUp(place);
    await ownCatchUp.catchUp(place);
    for (const window of RANKING_WINDOWS) {
      const truth = await countPlainly(db, place, window, hourOf(nowMs));
      assert.ok(window === 'hour' || truth.length > 0);
      for (const counts of [shared, own]) {
        const top = await counts.top(place, window, 1_000);
        assert.deepEqual(top, truth, `${place} ${window}`);
      }
    }
  }
}

async function placeOrders(
  db: Db,
  random: Random,
  stores: readonly TestStore<string>[],
  nowMs: number,
): Promise<OrderRef[]> {
  const orders = Array.from({ length: ROUND }, () => {
    const hoursAgo = random.pick([0, 0, 0, 1, 1, 2, 3, random.between(0, 60), random.between(0, KEPT_HOURS + 3)]);
    const placedAtMs = nowMs - hoursAgo * HOUR_MS;
    const store = random.pick(stores);
    const lines = random
      .some(DISHES, random.between(1, 4))
      .map((name) => ({ itemId: store.dishes[name]!.id, quantity: random.between(1, 4) }));
    // A dish may be there twice, with other options.
    return { storeId: store.id, id: newId(placedAtMs), placedAtMs, lines: [...lines, lines[0]!] };
  });
  await db.query(
    `INSERT INTO orders (store_id, id, number, day, total, placed_at, promised_at, request_hash)
     SELECT s, i, 1, p::date, 1, p, p, '' FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS t (s, i, p)`,
    [orders.map((o) => o.storeId), orders.map((o) => o.id), orders.map((o) => new Date(o.placedAtMs))],
  );
  const rows = orders.flatMap((o) => o.lines.map((line, index) => ({ o, line, index })));
  await db.query(
    `INSERT INTO order_line (store_id, order_id, line, item_id, quantity, unit_price)
     SELECT s, o, l, i, q, 1 FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::int[]) AS t (s, o, l, i, q)`,
    [
      rows.map(({ o }) => o.storeId),
      rows.map(({ o }) => o.id),
      rows.map(({ index }) => index + 1),
      rows.map(({ line }) => line.itemId),
      rows.map(({ line }) => line.quantity),
    ],
  );
  return orders.map(({ storeId, id }) => ({ storeId, id }));
}

/** From the orders themselves; nothing of the ranking's own tables but which dish a brand's dish goes by. */
async function countPlainly(db: Db, place: Place, window: RankingWindow, hour: number) {
  const hours = WINDOW_HOURS[window];
  const id = place.slice(place.indexOf('/') + 1);
  const scope = place.startsWith('store/') ? 'o.store_id = $1' : place === EVERYBODY ? '$1 <> o.id' : 's.brand_id = $1';
  const dish = place.startsWith('store/') ? 'l.item_id' : 'd.item_id';
  const count = async (fromHour: number): Promise<{ itemId: string; count: number }[]> => {
    const { rows } = await db.query<{ itemId: string; count: number }>(
      `SELECT ${dish} AS "itemId", sum(l.quantity)::int AS count
       FROM orders o JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id
       JOIN store s ON s.id = o.store_id JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id
       LEFT JOIN ranking_dish d ON d.brand_id = s.brand_id AND d.code = i.code
       WHERE ${scope} AND o.status <> 'cancelled' AND o.placed_at >= $2 AND o.placed_at < $3
       GROUP BY 1 ORDER BY 2 DESC, 1 DESC`,
      [id, new Date(fromHour * HOUR_MS), new Date((fromHour + hours) * HOUR_MS)],
    );
    return rows;
  };
  const before = (await count(hour - 2 * hours + 1)).map(({ itemId }) => itemId);
  return (await count(hour - hours + 1)).map((row) => ({
    ...row,
    rankBefore: before.includes(row.itemId) ? before.indexOf(row.itemId) + 1 : null,
  }));
}
