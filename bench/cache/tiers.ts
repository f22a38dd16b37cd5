import { performance } from 'node:perf_hooks';
import { createMemcachedTier } from '../../src/platform/cache/memcached-tier.ts';
import { createRedisTier } from '../../src/platform/cache/redis-tier.ts';
import type { SecondTier } from '../../src/platform/cache/second-tier.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { type Service, startMemcached, startRedis } from '../../test/support/services.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { usedUs } from '../support/cpu.ts';
import { type BenchRow, median } from '../support/row.ts';

const SIZES_KIB = [1, 10, 100];
/** Readers at once: as many as a process has connections to the database. */
const CALLERS = 10;
const ROUND_MS = 700;
const ROUNDS = 7;
const APPLICATION = 'bench-cache-tiers';

interface Cost {
  /** Processor time of one read, asking and answering process together, in microseconds. */
  readonly us: number;
  readonly perSecond: number;
}

/** Reads for a while with all callers at once, and says what one read costs. */
async function costOf(read: () => Promise<unknown>, serverPids: readonly number[]): Promise<Cost> {
  const serversUs = () => serverPids.reduce((sum, pid) => sum + usedUs(pid), 0);
  const before = { servers: serversUs(), own: process.cpuUsage() };
  const startedMs = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (performance.now() - startedMs < ROUND_MS) {
        await read();
        done += 1;
      }
    }),
  );
  const tookMs = performance.now() - startedMs;
  const own = process.cpuUsage(before.own);
  return { us: (serversUs() - before.servers + own.user + own.system) / done, perSecond: (done * 1_000) / tookMs };
}

/** What a menu of this size is made of: dishes of about a hundred bytes, collected as JSON by the database. */
async function menuOf(db: ReturnType<typeof openDb>, kib: number): Promise<() => Promise<unknown>> {
  const dishes = kib * 10;
  const table = `bench_menu_${kib}`;
  await db.query(`DROP TABLE IF EXISTS ${table}`);
  await db.query(`CREATE UNLOGGED TABLE ${table} AS
    SELECT n AS position, gen_random_uuid() AS id, 'dish ' || n AS name, 9000 + n AS price, false AS sold_out
    FROM generate_series(1, ${dishes}) AS n`);
  await db.query(`ANALYZE ${table}`);
  const text = `SELECT json_agg(json_build_object('id', id, 'name', name, 'price', price, 'soldOut', sold_out) ORDER BY position)::text
    AS menu FROM ${table}`;
  return () => db.query(text, [], table);
}

async function ready(tier: SecondTier): Promise<void> {
  for (;;) {
    const answers = await tier.get('ready?').then(
      () => true,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * A hit in the second tier against reading as many bytes of a menu from the database, Redis and Memcached side by side.
 * Compared is processor time, which a noisy neighbour does not lengthen; where the processor is what is short, it decides
 * the rate as well.
 */
export async function benchCacheTiers(database: BenchDatabase): Promise<BenchRow[]> {
  const services: Service[] = [];
  const lifetime = { after: () => {} };
  services.push(await startRedis(lifetime), await startMemcached(lifetime));
  const redis = createRedisTier(services[0]!.url);
  const memcached = createMemcachedTier(services[1]!.url, 1_000);
  const db = openDb({ url: database.url, connectionsMax: CALLERS, applicationName: APPLICATION });
  const rows: BenchRow[] = [];
  try {
    await Promise.all([ready(redis), ready(memcached)]);
    for (const kib of SIZES_KIB) {
      const fromDatabase = await menuOf(db, kib);
      // Every connection is there and has the statement prepared before anything is counted.
      await Promise.all(Array.from({ length: CALLERS }, fromDatabase));
      const value = 'x'.repeat(kib * 1_024);
      const key = `matjip:bench:${kib}`;
      await redis.set(key, value);
      await memcached.set(key, value);
      const sessions = await db.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE application_name = $1', [
        APPLICATION,
      ]);
      const reads = {
        database: () =>
          costOf(
            fromDatabase,
            sessions.rows.map(({ pid }) => pid),
          ),
        redis: () => costOf(() => redis.get(key), [services[0]!.pid]),
        memcached: () => costOf(() => memcached.get(key), [services[1]!.pid]),
      };
      const costs: Record<keyof typeof reads, Cost[]> = { database: [], redis: [], memcached: [] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const name of ['database', 'redis', 'memcached'] as const) costs[name].push(await reads[name]());
      }
      const us = (name: keyof typeof reads): number => median(costs[name].map((cost) => cost.us));
      const shown = (name: keyof typeof reads): string =>
        `${name} ${Math.round(us(name))} µs (${Math.round(median(costs[name].map((cost) => cost.perSecond))).toLocaleString('en')}/s)`;
      const row = (ours: keyof typeof reads, baseline: keyof typeof reads): BenchRow => ({
        what: `cache-tiers: ${kib} KiB, ${ours}`,
        ours: shown(ours),
        baseline: shown(baseline),
        ratio: us(baseline) / us(ours),
      });
      rows.push(row('redis', 'database'), row('memcached', 'database'), row('memcached', 'redis'));
    }
  } finally {
    await db.close();
    await redis.close();
    await memcached.close();
    for (const service of services) await service.stop();
  }
  return rows;
}
