import { BOUNDS } from '../../src/config.ts';
import { toCandidate } from '../../src/order/candidate.ts';
import { createIntake } from '../../src/order/intake/intake.ts';
import type { TakeOrders } from '../../src/order/take-orders.ts';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { lockStores } from '../../src/store/index.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { load, startServer } from '../support/processes.ts';
import { type BenchRow, median, perSecond } from '../support/row.ts';
import { benchItemId, benchStoreId } from './store-ids.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const STORES = 1_000;

/** A thousand stores with one unlimited and one limited dish each, under ids that the load can count through. */
async function makeStores(db: Db): Promise<void> {
  const numbers = Array.from({ length: STORES }, (_, number) => number);
  const stores = numbers.map(benchStoreId);
  const items = numbers.map(benchItemId);
  await db.transaction(async (tx) => {
    const each = `unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS e (store, item, n)`;
    const insert = (text: string) => tx.query(text, [stores, items]);
    await insert(
      `INSERT INTO brand (id, slug, name_ko, name_en) SELECT store, 'bench-' || n, '벤치', 'Bench' FROM ${each} ON CONFLICT DO NOTHING`,
    );
    await insert(`INSERT INTO store (id, brand_id, slug, name_ko, name_en, prep_minutes)
      SELECT store, store, 'bench-' || n, '벤치', 'Bench', 15 FROM ${each} ON CONFLICT DO NOTHING`);
    await insert(`INSERT INTO store_head (store_id) SELECT store FROM ${each} ON CONFLICT DO NOTHING`);
    await insert(`INSERT INTO category (store_id, id, code, position, name_ko, name_en)
      SELECT store, store, 'all', 0, '전부', 'All' FROM ${each} ON CONFLICT DO NOTHING`);
    await insert(`INSERT INTO item (store_id, id, category_id, code, position, name_ko, name_en, price, station)
      SELECT store, item, store, 'dish', 0, '국', 'Soup', 9000, 'kitchen' FROM ${each} ON CONFLICT DO NOTHING`);
  });
  await db.query('ANALYZE');
}

/** Guests of a process, each at a store of his own choice at a time: its groups are over about fifty stores. */
const OUTSTANDING = 50;
const WARM_MS = 1_500;
const MEASURED_MS = 4_000;
/** Far more than a group takes, so that this machine's cores are not what is measured. */
const GROUP_SECONDS = 0.1;

/**
 * So many processes' intakes, each with its own connections and 50 guests, on a database whose work is simulated: the
 * locks are real, what a group does under them is a pause. So it shows what waiting for each other costs, on any machine.
 * @returns orders a second of all of them
 */
async function simulate(url: string, intakes: number, form: 'ours' | 'one group over all stores'): Promise<number> {
  const bounds = {
    ...BOUNDS.intake.grouped,
    ...(form === 'one group over all stores' && {
      ownFrom: Number.POSITIVE_INFINITY,
      crowdPerSecond: Number.POSITIVE_INFINITY,
      sharedMax: BOUNDS.intake.grouped.groupMax,
    }),
  };
  let taken = 0;
  let ends = false;
  const run = async () => {
    const db = openDb({
      url,
      connectionsMax: bounds.groupsMax + 1,
      statementTimeoutMs: 0,
      ...(form === 'ours' && { lockTimeoutMs: BOUNDS.db.intake.lockTimeoutMs }),
    });
    const takeOrders: TakeOrders = (group, { wait }) =>
      db.transaction(async (tx) => {
        const ids = [...new Set(group.map((order) => order.storeId))];
        const [rows] = await Promise.all([
          lockStores(tx, ids, { wait: form === 'ours' ? wait : true }),
          tx.query('SELECT pg_sleep($1)', [GROUP_SECONDS], 'pause'),
        ]);
        const free = new Set(rows.map((row) => row.storeId));
        return group.map((order) => (free.has(order.storeId) ? { kind: 'replayed' } : { kind: 'held' }));
      });
    const intake = createIntake(takeOrders, bounds);
    const guest = async () => {
      while (!ends) {
        const store = benchStoreId(Math.floor(Math.random() * STORES));
        await intake.take(toCandidate(store, newId(), { lines: [{ itemId: store, quantity: 1 }] }));
        taken += 1;
      }
    };
    await Promise.all(Array.from({ length: OUTSTANDING }, guest));
    await db.close();
  };
  const running = Array.from({ length: intakes }, run);
  await new Promise((resolve) => setTimeout(resolve, WARM_MS));
  const before = taken;
  await new Promise((resolve) => setTimeout(resolve, MEASURED_MS));
  const rate = (1000 * (taken - before)) / MEASURED_MS;
  ends = true;
  await Promise.all(running);
  return rate;
}

/** What processes cost each other when they take orders of the same thousand stores. */
export async function benchIntakeStores(database: BenchDatabase): Promise<BenchRow[]> {
  await makeStores(database.db);
  const rows: BenchRow[] = [];
  for (const form of ['one group over all stores', 'ours'] as const) {
    const alone = await simulate(database.url, 1, form);
    for (const intakes of [4, 16]) {
      const many = await simulate(database.url, intakes, form);
      rows.push({
        what: `intake: ${STORES} stores, simulated, ${form === 'ours' ? '' : 'old form, '}${intakes} ÷ 1`,
        ours: perSecond(`${intakes} processes`, many),
        baseline: perSecond('one', alone),
        ratio: many / alone,
        // No number of the design: a third of what there would be if nobody ever met anybody.
        ...(form === 'ours' && { goal: { atLeast: intakes / 3 } }),
      });
    }
  }
  const rates = new Map<number, number[]>([1, 2, 4].map((count) => [count, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [count, seen] of rates) seen.push(await serve(database.url, count));
  }
  const [one, ...more] = rates;
  for (const [count, seen] of more) {
    rows.push({
      what: `intake: ${STORES} stores, two cores, ${count} ÷ 1`,
      ours: perSecond(`${count} processes`, median(seen)),
      baseline: perSecond('one', median(one![1])),
      ratio: median(seen.map((value, round) => value / one![1][round]!)),
    });
  }
  return rows;
}

const ROUNDS = 3;

/** Durable orders a second at a thousand stores through so many processes, which share two cores with everything else. */
async function serve(url: string, processes: number): Promise<number> {
  const servers = await Promise.all(
    Array.from({ length: processes }, (_, place) =>
      startServer(MATJIP, { PORT: '0', DATABASE_URL: url, BENCH_JOBS: place === 0 ? 'on' : 'off' }),
    ),
  );
  try {
    const results = await Promise.all(
      servers.map(({ port }) =>
        load({
          host: '127.0.0.1',
          port,
          connections: 512 / processes,
          warmupMs: 1_500,
          durationMs: 3_000,
          request: { kind: 'many-stores', stores: STORES },
        }),
      ),
    );
    for (const { byStatus, answers } of results)
      if (byStatus['201'] !== answers) throw new Error(`Not every order was taken: ${JSON.stringify(byStatus)}`);
    return results.reduce((sum, result) => sum + result.perSecond, 0);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
