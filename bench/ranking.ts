import { performance } from 'node:perf_hooks';
import { createEventCache } from '../src/platform/cache/event-cache.ts';
import { newId } from '../src/platform/id.ts';
import { connectRedis, untilReady } from '../src/platform/redis/redis.ts';
import { createCatchUp } from '../src/ranking/catch-up.ts';
import {
  createMemoryCounts,
  createRankingSource,
  createRedisCounts,
  type RankingCounts,
} from '../src/ranking/index.ts';
import type { HourCount, OrderRef, Place } from '../src/ranking/ports.ts';
import { createCounting } from '../src/ranking/ranking-job.ts';
import { rankingKey } from '../src/ranking/ranking-source.ts';
import { hourOf } from '../src/ranking/windows.ts';
import { startRedis } from '../test/support/services.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { type BenchRow, median } from './support/row.ts';

const SIZES = [100, 10_000] as const;
/** Dishes that one group's orders hold together. */
const GROUP = 20;
const ADDS = 500;
const MAKES = 200;
const READS = 200_000;
const ROUNDS = 5;

/** A place in which so many dishes sold in each of the last 24 hours. */
async function fill(counts: RankingCounts, place: Place, ids: readonly string[], hour: number): Promise<void> {
  await counts.begin(place, hour);
  for (let ago = 23; ago >= 0; ago -= 1) {
    for (let from = 0; from < ids.length; from += 2_000) {
      const part = ids
        .slice(from, from + 2_000)
        .map((id, index): HourCount => [hour - ago, id, 1 + ((from + index) % 97)]);
      await counts.set({ place, counts: part, upTo: 0, readAt: 0, isLast: ago === 0 && from + 2_000 >= ids.length });
    }
  }
}

async function usEach(times: number, work: (turn: number) => Promise<unknown> | unknown): Promise<number> {
  const startedMs = performance.now();
  for (let turn = 0; turn < times; turn += 1) await work(turn);
  return ((performance.now() - startedMs) * 1_000) / times;
}

/** Groups counted by the job, and orders of one. */
const JOBS = 15;
const ORDERS = 50;

/**
 * A group's orders as the intake leaves them: each of another dish, spread over all of them. Chosen at random, fifty orders would hold forty
 * dishes of a hundred and fifty of ten thousand, and a count is written for each.
 */
async function placeGroup({ db }: BenchDatabase, storeId: string, ids: readonly string[]): Promise<OrderRef[]> {
  const orders = Array.from({ length: ORDERS }, () => newId());
  const first = Math.floor(Math.random() * ids.length);
  const dishes = orders.map((_, at) => ids[(first + at * Math.floor(ids.length / ORDERS)) % ids.length]!);
  await db.query(
    `INSERT INTO orders (store_id, id, number, day, total, placed_at, promised_at, request_hash)
     SELECT $1, i, 1, now()::date, 1, now(), now(), '' FROM unnest($2::uuid[]) AS t (i)`,
    [storeId, orders],
  );
  await db.query(
    `INSERT INTO order_line (store_id, order_id, line, item_id, quantity, unit_price)
     SELECT $1, o, 1, i, 2, 1 FROM unnest($2::uuid[], $3::uuid[]) AS t (o, i)`,
    [storeId, orders, dishes],
  );
  return orders.map((id) => ({ storeId, id }));
}

interface Costs {
  job: number;
  add: number;
  make: number;
  read: number;
}

async function measure(database: BenchDatabase, counts: RankingCounts, size: number): Promise<() => Promise<Costs>> {
  const storeId = newId();
  /** One that the jobs count and one that is only added to, as their changes are numbered apart. */
  const counted: Place = `store/${storeId}`;
  const place: Place = `wide/${storeId}`;
  const now = Date.now();
  const ids = Array.from({ length: size }, () => newId());
  await database.db.query(
    `INSERT INTO ranking_hour (store_id, hour, item_id, quantity)
     SELECT $1, date_trunc('hour', now(), 'UTC') - ago * interval '1 hour', item, 1
     FROM unnest($2::uuid[]) AS t (item), generate_series(0, 23) AS ago`,
    [storeId, ids],
  );
  await fill(counts, place, ids, hourOf(now));
  await fill(counts, counted, ids, hourOf(now));
  const counting = createCounting(createCatchUp(database.db, counts, () => now));
  let seq = 0;
  const none = { loaded: () => {}, hit: 0, stale: 0, miss: 0, blank: 0 };
  const source = createRankingSource({
    db: database.db,
    shared: counts,
    own: counts,
    checkEveryMs: 3_600_000,
    now: () => now,
  });
  // A clock that stands: what is measured is the reading of what is right.
  const cache = createEventCache({ source, counts: none, itemsMax: 10, now: () => 0 });
  const key = rankingKey(place, 'day', 10);
  await cache.read(key);
  const runJobs = async (): Promise<number> => {
    let us = 0;
    for (let jobs = 0; jobs < JOBS; jobs += 1) {
      const orders = await placeGroup(database, storeId, ids);
      us += await usEach(1, () => database.db.transaction((tx) => counting.placed(tx, orders)));
    }
    return us / JOBS;
  };
  return async () => ({
    job: await runJobs(),
    add: await usEach(ADDS, (turn) => {
      seq += 1;
      const sold = Array.from(
        { length: GROUP },
        (_, at): HourCount => [hourOf(now), ids[(turn * 31 + at * 7) % size]!, 2],
      );
      return counts.add([{ place, seq, counts: sold }]);
    }),
    make: await usEach(MAKES, () => counts.top(place, 'day', 10)),
    read: await usEach(READS, () => void cache.peek(key)),
  });
}

/** Adding a group's portions and reading the ranking among 10,000 dishes against 100, with Redis and in process. */
export async function benchRanking(database: BenchDatabase): Promise<BenchRow[]> {
  const service = await startRedis({ after: () => {} });
  const redis = connectRedis(service.url, { as: 'commands', bounded: false });
  await untilReady(redis, 10_000);
  const rows: BenchRow[] = [];
  try {
    for (const [name, counts] of [
      ['Redis', createRedisCounts(redis)],
      ['in process', createMemoryCounts(10)],
    ] as const) {
      const [few, many] = [await measure(database, counts, SIZES[0]), await measure(database, counts, SIZES[1])];
      const rounds: [Costs, Costs][] = [];
      // In turns, so that what else the machine does falls on both.
      for (let round = 0; round < ROUNDS; round += 1) rounds.push([await few(), await many()]);
      const row = (what: string, of: keyof Costs, goal?: BenchRow['goal']): BenchRow => {
        const [small, large] = [median(rounds.map(([each]) => each[of])), median(rounds.map(([, each]) => each[of]))];
        return {
          what: `ranking: ${what}, ${name}`,
          ours: `10,000 dishes: ${large.toFixed(2)} µs`,
          baseline: `100 dishes: ${small.toFixed(2)} µs`,
          ratio: large / small,
          ...(goal && { goal }),
        };
      };
      rows.push(row(`count a group of ${ORDERS} orders`, 'job', { atMost: 1.2 }), row('read', 'read', { atMost: 1.2 }));
      // Of the two: what the counts themselves cost, and what is made at most twice a second however many read it.
      rows.push(row(`add ${GROUP} dishes to the counts`, 'add'), row('make the top 10 anew', 'make'));
    }
    return rows;
  } finally {
    redis.disconnect();
    await service.stop();
  }
}
