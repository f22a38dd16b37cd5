import { seedCommand } from '../src/seed/seed.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { usedUs } from './support/cpu.ts';
import { load, type RunningServer, startServer } from './support/processes.ts';
import type { BenchRow } from './support/row.ts';

const MATJIP = new URL('support/matjip-server.ts', import.meta.url);
const ADMIN_KEY = 'bench-admin-key-bench';
const STORES = 60;
const DISHES = 60;
const PORTIONS = 100_000;
/** Each store sells one portion a second. */
const ORDERS_PER_SECOND = STORES;
const MENUS_PER_SECOND = 600;
/** A phone asks again after ten seconds. */
const PHONES = MENUS_PER_SECOND * 10;
const TASK = { host: '127.0.0.1', connections: 32, warmupMs: 11_000, durationMs: 20_000 };

interface Shop {
  readonly id: string;
  readonly itemId: string;
}

interface Measured {
  readonly loadsPerSecond: number;
  /** Of the menus' answers. */
  readonly share304: number;
  readonly bytes: number;
  /** Processor time of the server a menu, its share of the orders included. */
  readonly cpuUs: number;
}

/**
 * What selling limited dishes costs those who read menus: the same crowd and the same orders, once of a dish that is not
 * counted, once of one that is; and the crowd asking for the stock alone, as the guest page does.
 */
export async function benchSellingLimited(database: BenchDatabase): Promise<BenchRow[]> {
  await seedCommand(
    { databaseUrl: database.url, home: database.folder },
    { stores: STORES, items: DISHES, log: () => {} },
  );
  const { rows: shops } = await database.db.query<Shop>(
    `SELECT DISTINCT ON (i.store_id) i.store_id AS id, i.id AS "itemId"
     FROM item i JOIN store_head h ON h.store_id = i.store_id JOIN store s ON s.id = i.store_id
     WHERE NOT i.archived AND NOT i.sold_out AND h.state = 'open' AND s.slug LIKE 'seed-%'
       AND NOT EXISTS (SELECT FROM option_group g WHERE g.store_id = i.store_id AND g.item_id = i.id AND g.min > 0 AND NOT g.archived)
     ORDER BY i.store_id, i.position`,
  );
  const server = await startServer(MATJIP, { DATABASE_URL: database.url, PORT: '0', BENCH_JOBS: 'off' });
  try {
    await count(server, shops, null);
    const without = await measure(server, shops, 'menu');
    await count(server, shops, PORTIONS);
    const selling = await measure(server, shops, 'menu');
    const stock = await measure(server, shops, 'stock').catch(() => undefined);
    const row = (what: string, value: (of: Measured) => number, unit: string, goal?: BenchRow['goal']): BenchRow => ({
      what: `selling-limited: ${what}`,
      ours: `counted ${value(selling).toFixed(1)} ${unit}`,
      baseline: `not counted ${value(without).toFixed(1)} ${unit}`,
      ratio: (value(selling) + Number.EPSILON) / (value(without) + Number.EPSILON),
      ...(goal && { goal }),
    });
    // A load or two that happen to fall into the time say nothing.
    const loads = row('menu loads', ({ loadsPerSecond }) => loadsPerSecond + 1 / 20, '/s', { atMost: 2 });
    const rows = [
      loads,
      row('menus answered 304', ({ share304 }) => share304 * 100, '%'),
      row('bytes of a menu’s answer', ({ bytes }) => bytes, 'B'),
      row('CPU of a menu, orders included', ({ cpuUs }) => cpuUs, 'µs'),
    ];
    if (!stock) return rows;
    return [
      ...rows,
      {
        what: 'selling-limited: bytes, stock alone ÷ menu',
        ours: `stock ${stock.bytes.toFixed(0)} B, ${Math.round(stock.share304 * 100)} % 304`,
        baseline: `menu ${selling.bytes.toFixed(0)} B`,
        ratio: stock.bytes / selling.bytes,
      },
      {
        what: 'selling-limited: CPU, stock alone ÷ menu',
        ours: `stock ${stock.cpuUs.toFixed(0)} µs`,
        baseline: `menu ${selling.cpuUs.toFixed(0)} µs`,
        ratio: stock.cpuUs / selling.cpuUs,
      },
    ];
  } finally {
    await server.stop();
  }
}

async function count({ port }: RunningServer, shops: readonly Shop[], remaining: number | null): Promise<void> {
  for (const { id, itemId } of shops) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/stores/${id}/items/${itemId}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ remaining }),
    });
    if (!answer.ok) throw new Error(`The dish was answered ${answer.status}.`);
  }
}

async function measure(server: RunningServer, shops: readonly Shop[], resource: 'menu' | 'stock'): Promise<Measured> {
  const { port, pid } = server;
  const paths = shops.map(({ id }) => `/api/v1/stores/${id}/${resource}`);
  if (!(await fetch(`http://127.0.0.1:${port}${paths[0]}`)).ok) throw new Error(`There is no ${resource}.`);
  const targets = shops.map(({ id, itemId }) => ({ path: `/api/v1/stores/${id}/orders`, itemId }));
  const menus = load({
    ...TASK,
    port,
    perSecondMax: MENUS_PER_SECOND,
    request: { kind: 'phones', phones: PHONES, paths },
  });
  const orders = load({ ...TASK, port, perSecondMax: ORDERS_PER_SECOND, request: { kind: 'orders', targets } });
  await new Promise((resolve) => setTimeout(resolve, TASK.warmupMs));
  const before = { loads: await menuLoads(port), us: usedUs(pid) };
  await new Promise((resolve) => setTimeout(resolve, TASK.durationMs - 1_000));
  const after = { loads: await menuLoads(port), us: usedUs(pid) };
  const seconds = (TASK.durationMs - 1_000) / 1_000;
  const read = await menus;
  const sold = await orders;
  const wrong = Object.keys({ ...read.byStatus, ...sold.byStatus }).filter((status) => !/^(200|201|304)$/.test(status));
  if (wrong.length > 0) throw new Error(`Answered ${wrong.join(', ')}.`);
  return {
    loadsPerSecond: (after.loads - before.loads) / seconds,
    share304: (read.byStatus['304'] ?? 0) / read.answers,
    bytes: read.bytes / read.answers,
    cpuUs: (after.us - before.us) / (read.perSecond * seconds),
  };
}

async function menuLoads(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/matjip_cache_load_seconds_count\{place="menu",result="ok"\} (\d+)/.exec(text)?.[1] ?? 0);
}
