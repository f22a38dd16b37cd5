import { newId } from '../../src/platform/id.ts';
import { hotDish } from '../intake.ts';
import type { BenchOptions } from '../options.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { startServer } from '../support/processes.ts';
import { type BenchRow, median } from '../support/row.ts';
import { inPairs, seededDatabase } from './seeded.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const SMALL = 10_000;
/** Four minutes; ten million by `--orders`, at 19 GB, and `--home` keeps them. */
const LARGE = 1_000_000;
const ROUNDS = 60;
/** Of one kind one after another: more than the noise of one, few enough that both sizes meet the same neighbours. */
const AT_ONCE = 5;
const MONTHS = 60;
/** A store's days are as full at each size: what grows is the past. */
const ordersAStore = 150_000;
/** Of which a store has some twenty days: the pages that are asked for go back three weeks, and where there were none they would be empty. */
const ordersAStoreMin = 4_800;
const ADMIN_KEY = 'bench-admin-key-bench';
const DAY_MS = 24 * 3_600_000;

/** What people wait for, in a shop of ten thousand orders and in a franchise of many more with sixty months' partitions. */
export async function benchGrowth(database: BenchDatabase, { orders = LARGE }: BenchOptions): Promise<BenchRow[]> {
  const small = await openShop(database, 'growth_small', SMALL);
  const large = await openShop(database, 'growth_large', orders);
  try {
    const rows: BenchRow[] = [];
    for (const name of Object.keys(small.asks) as (keyof typeof small.asks)[]) {
      const repeat = (ask: () => Promise<void>) => async () => {
        for (let times = 0; times < AT_ONCE; times += 1) await ask();
      };
      const [few, many] = [repeat(small.asks[name]), repeat(large.asks[name])];
      await inPairs(4, few, many);
      const times = await inPairs(ROUNDS, few, many);
      const ms = (values: readonly number[]) => `${(median(values) / AT_ONCE).toFixed(2)} ms`;
      rows.push({
        what: `growth: ${name}, ${orders.toLocaleString('en')} ÷ ${SMALL.toLocaleString('en')}`,
        ours: ms(times.large),
        baseline: ms(times.small),
        ratio: median(times.large.map((value, round) => value / times.small[round]!)),
        goal: { atMost: 1.2 },
      });
    }
    return rows;
  } finally {
    await Promise.all([small.close(), large.close()]);
  }
}

async function openShop(database: BenchDatabase, name: string, orders: number) {
  const stores = Math.max(Math.min(10, Math.floor(orders / ordersAStoreMin)), Math.ceil(orders / ordersAStore));
  const { url, db } = await seededDatabase(database, name, { stores, items: 50, orders });
  await db.query(
    `SELECT ensure_order_partitions((now() - interval '${MONTHS - 4} months')::date, (now() + interval '3 months')::date)`,
  );
  const { storeId, itemId } = await hotDish({ url, db, folder: database.folder, close: async () => {} });
  const { rows: ids } = await db.query<{ id: string }>(
    // All over the past, so that each look-up opens another place.
    'SELECT id FROM orders WHERE store_id = $1 ORDER BY md5(id::text) LIMIT 1000',
    [storeId],
  );
  const { rows: days } = await db.query<{ day: string }>(
    'SELECT (max(day) - 1)::text AS day FROM sales_day WHERE store_id = $1',
    [storeId],
  );
  const { rows: lines } = await db.query<{ days: number; quarters: number; dishes: number }>(
    `SELECT (SELECT count(*)::int FROM sales_day WHERE store_id = $1 AND day >= $2::date - 14 AND day < $2) AS days,
       (SELECT count(*)::int FROM sales_quarter WHERE store_id = $1 AND day IN ($2, $2::date - 7)) AS quarters,
       (SELECT count(*)::int FROM sales_item WHERE store_id = $1 AND day IN ($2, $2::date - 7)) AS dishes`,
    [storeId, days[0]!.day],
  );
  // Pages of unlike length would be compared, and not sizes.
  console.log(`the pages of ${name} read ${JSON.stringify(lines[0])}`);
  if (lines[0]!.days < 14) throw new Error(`${name} has the books of ${lines[0]!.days} days: the pages go back 14.`);
  await db.query('VACUUM ANALYZE');
  await db.close();
  const server = await startServer(MATJIP, { PORT: '0', DATABASE_URL: url, BENCH_JOBS: 'off' });
  const store = `http://127.0.0.1:${server.port}/api/v1/stores/${storeId}`;
  const ask = async (path: string, init: RequestInit = {}, key = ADMIN_KEY): Promise<string> => {
    const answer = await fetch(store + path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text;
  };
  const order = () =>
    ask('/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
      body: JSON.stringify({ lines: [{ itemId, quantity: 1 }] }),
    });
  const placed = JSON.parse(await order()) as { id: string; token: string };
  const day = days[0]!.day;
  const before = (from: string, count: number) =>
    new Date(Date.parse(from) - count * DAY_MS).toISOString().slice(0, 10);
  const tables = async (from: string) => {
    for (const by of ['hour', 'day', 'item', 'station'])
      await ask(`/sales?from=${from}&to=${before(from, -1)}&by=${by}`);
  };
  let next = 0;
  return {
    asks: {
      'an order is looked up': async () => void (await ask(`/orders/${ids[next++ % ids.length]!.id}`)),
      'a guest asks for the status': async () => void (await ask(`/orders/${placed.id}`, {}, placed.token)),
      'the kitchen board': async () => void (await ask('/kitchen/tickets')),
      'the sales page': async () => {
        await ask(`/sales?from=${before(day, 14)}&to=${day}&by=day`);
        await ask(`/sales?from=${before(day, 14)}&to=${day}&by=item`);
        await ask('/sales/days');
      },
      "the owner's day": async () => {
        await tables(day);
        await tables(before(day, 7));
      },
      'an order is placed': async () => void (await order()),
    },
    close: () => server.stop(),
  };
}
