import { Redis } from 'ioredis';
import { openDb } from '../../src/platform/db/pool.ts';
import { type Service, startRedis } from '../../test/support/services.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { postgresUs, usedUs } from '../support/cpu.ts';
import { type BenchRow, median } from '../support/row.ts';
import { DISHES, inDocuments, inRedis, inTables, nextOrder, type OrderStore } from './order-stores.ts';

/** Guests at once, each with one order on the way; 16 connections are what a pool has. */
const CALLERS = 64;
const CONNECTIONS = 16;
/** Of each round and store: a second or two. */
const ALONE = 4_000;
const GROUPED = 40_000;
const GROUP = 100;
const ROUNDS = 3;

type Measurable = OrderStore & {
  /** Processor time that its server has used, in microseconds. */
  readonly us: () => number;
};

interface Measured {
  readonly perSecond: number;
  /** Processor time of the store's server for one order. */
  readonly serverUs: number;
}

/**
 * The same order in tables, as a document of the same Postgres, and as a document of Redis, each on disk before it is answered: how many a
 * second, what one costs the server, how large it is, and how long an owner waits for what was sold.
 */
export async function benchDocumentStore(database: BenchDatabase): Promise<BenchRow[]> {
  const db = openDb({ url: database.url, connectionsMax: CONNECTIONS, statementTimeoutMs: 0 });
  const services: Service[] = [];
  const redisOn = async (fsync: string) => {
    const service = await startRedis({ after: () => {} }, ['--appendonly', 'yes', '--appendfsync', fsync]);
    services.push(service);
    return { redis: new Redis(service.url), us: () => usedUs(service.pid) };
  };
  const always = await redisOn('always');
  const seldom = await redisOn('everysec');
  const postgres = () => postgresUs(database.folder);
  const stores: readonly [Measurable, ...Measurable[]] = [
    { ...inTables(db), us: postgres },
    { ...inDocuments(db), us: postgres },
    { ...inRedis(always.redis, 'Redis, fsync always'), us: always.us },
    { ...inRedis(seldom.redis, 'Redis, fsync each second'), us: seldom.us },
  ];
  try {
    const alone = new Map<OrderStore, Measured[]>();
    const grouped = new Map<OrderStore, Measured[]>();
    const read = new Map<OrderStore, number[]>();
    for (const store of stores) {
      await store.prepare();
      await run(store, 500, 1);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      // In turn, so that whatever else the machine does meets all of them.
      for (const store of stores) push(alone, store, await run(store, ALONE, 1));
      for (const store of stores) push(grouped, store, await run(store, GROUPED, GROUP));
      for (const store of stores) push(read, store, await readAll(store));
    }
    const orders = 500 + ROUNDS * (ALONE + GROUPED);
    const bytes = new Map<OrderStore, number>();
    for (const store of stores) bytes.set(store, (await store.bytes()) / orders);
    const [ours, ...others] = stores;
    const row = (what: string, unit: string, of: (store: OrderStore) => number): BenchRow[] =>
      others.map((other) => ({
        what: `the same order: ${what}`,
        ours: `${ours.name} ${of(ours).toLocaleString('en', { maximumFractionDigits: 0 })} ${unit}`,
        baseline: `${other.name} ${of(other).toLocaleString('en', { maximumFractionDigits: 0 })} ${unit}`,
        ratio: of(ours) / of(other),
      }));
    const middle = (of: Map<OrderStore, Measured[]>, figure: keyof Measured) => (store: OrderStore) =>
      median(of.get(store)!.map((each) => each[figure]));
    return [
      ...row('one at a time', '/s', middle(alone, 'perSecond')),
      ...row('one at a time, server’s CPU', 'µs', middle(alone, 'serverUs')),
      ...row(`in groups of ${GROUP}`, '/s', middle(grouped, 'perSecond')),
      ...row(`in groups of ${GROUP}, server’s CPU`, 'µs', middle(grouped, 'serverUs')),
      ...row('on disk', 'bytes', (store) => bytes.get(store)!),
      ...row(`sold by dish over ${orders.toLocaleString('en')}`, 'ms', (store) => median(read.get(store)!)),
    ];
  } finally {
    for (const { redis } of [always, seldom]) redis.disconnect();
    for (const service of services) await service.stop();
    await db.close();
  }
}

const push = <K, V>(into: Map<K, V[]>, key: K, value: V): void => void into.set(key, [...(into.get(key) ?? []), value]);

async function run(store: Measurable, count: number, group: number): Promise<Measured> {
  let left = count / group;
  const usBefore = store.us();
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: group > 1 ? 4 : CALLERS }, async () => {
      while (left > 0) {
        left -= 1;
        await store.take(Array.from({ length: group }, nextOrder));
      }
    }),
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  return { perSecond: count / seconds, serverUs: (store.us() - usBefore) / count };
}

async function readAll(store: OrderStore): Promise<number> {
  const startedMs = performance.now();
  const sold = await store.soldByDish();
  if (sold.size !== DISHES) throw new Error(`${store.name} sold ${sold.size} dishes of ${DISHES}.`);
  return performance.now() - startedMs;
}
