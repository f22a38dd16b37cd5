import type { BenchDatabase } from './support/bench-database.ts';
import { loadOrders, type RunningServer, startServer } from './support/processes.ts';
import { type BenchRow, median, perSecond } from './support/row.ts';

const MATJIP = new URL('support/matjip-server.ts', import.meta.url);
const NO_DATABASE = new URL('support/validate-only.ts', import.meta.url);
/** A crowd in front of one dish: enough to fill a group while another commits. */
const CONNECTIONS = 512;
const ROUNDS = 3;
const STOCK = 100_000_000;
const TASK = { host: '127.0.0.1', connections: CONNECTIONS, warmupMs: 1_000, durationMs: 4_000 };

interface Dish {
  readonly storeId: string;
  readonly itemId: string;
}

/** One limited dish without required options, with more portions than any run can sell, of a store that takes orders for any table. */
export async function hotDish(database: BenchDatabase): Promise<Dish> {
  const { rows } = await database.db.query<Dish>(
    `SELECT i.store_id AS "storeId", i.id AS "itemId" FROM item i JOIN store_head h ON h.store_id = i.store_id JOIN store s ON s.id = i.store_id
     WHERE NOT i.archived AND NOT i.sold_out AND h.state = 'open' AND s.table_links <> 'signed'
       AND NOT EXISTS (SELECT FROM option_group g WHERE g.store_id = i.store_id AND g.item_id = i.id AND g.min > 0 AND NOT g.archived)
     ORDER BY s.slug, i.position LIMIT 1`,
  );
  const dish = rows[0]!;
  await database.db.transaction(async (tx) => {
    await tx.query('SELECT FROM store_head WHERE store_id = $1 FOR UPDATE', [dish.storeId]);
    await tx.query(
      `INSERT INTO stock (store_id, item_id, offered) VALUES ($1, $2, $3)
       ON CONFLICT (store_id, item_id) DO UPDATE SET offered = stock.sold + excluded.offered`,
      [dish.storeId, dish.itemId, STOCK],
    );
    await tx.query('UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = $1', [dish.storeId]);
  });
  return dish;
}

async function withServer<T>(script: URL, env: Record<string, string>, work: (server: RunningServer) => Promise<T>) {
  const server = await startServer(script, { PORT: '0', OVERLOAD: 'off', ...env });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** Durable orders through HTTP on one hot limited dish: grouped against direct, and against the same route without a database. */
export async function benchIntake(database: BenchDatabase): Promise<BenchRow[]> {
  const dish = await hotDish(database);
  const request = { kind: 'order', path: `/api/v1/stores/${dish.storeId}/orders`, itemIds: [dish.itemId] } as const;
  const rate = (script: URL, env: Record<string, string>) =>
    withServer(script, { DATABASE_URL: database.url, ...env }, async ({ port }) => {
      const { perSecond: taken } = await loadOrders({ ...TASK, port, request });
      return taken;
    });

  const direct: number[] = [];
  const grouped: number[] = [];
  const validated: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    direct.push(await rate(MATJIP, { INTAKE: 'direct' }));
    grouped.push(await rate(MATJIP, { INTAKE: 'grouped' }));
    validated.push(await rate(NO_DATABASE, {}));
  }
  const ratios = (others: readonly number[]) => median(grouped.map((value, round) => value / others[round]!));
  return [
    {
      what: 'intake: grouped ÷ direct, one hot dish',
      ours: perSecond('grouped', median(grouped)),
      baseline: perSecond('direct', median(direct)),
      ratio: ratios(direct),
      goal: { atLeast: 8 },
    },
    {
      what: 'intake: grouped ÷ validation, no database',
      ours: perSecond('grouped', median(grouped)),
      baseline: perSecond('validated only', median(validated)),
      ratio: ratios(validated),
      goal: { atLeast: 0.5 },
    },
  ];
}

/** At half of what direct can take, the guest of a grouped order waits no longer than that of a direct one. */
export async function benchIntakeLatency(database: BenchDatabase): Promise<BenchRow[]> {
  const dish = await hotDish(database);
  const request = { kind: 'order', path: `/api/v1/stores/${dish.storeId}/orders`, itemIds: [dish.itemId] } as const;
  const run = (intake: string, perSecondMax?: number) =>
    withServer(MATJIP, { DATABASE_URL: database.url, INTAKE: intake }, ({ port }) =>
      loadOrders({ ...TASK, connections: 64, port, request, ...(perSecondMax && { perSecondMax }) }),
    );
  const half = (await run('direct')).perSecond / 2;
  const direct: number[] = [];
  const grouped: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    direct.push((await run('direct', half)).p99Ms);
    grouped.push((await run('grouped', half)).p99Ms);
  }
  return [
    {
      what: `intake: p99 at ${Math.round(half)} orders/s, grouped ÷ direct`,
      ours: `grouped ${median(grouped).toFixed(1)} ms`,
      baseline: `direct ${median(direct).toFixed(1)} ms`,
      ratio: median(grouped.map((value, round) => value / direct[round]!)),
      goal: { atMost: 1 },
    },
  ];
}

const MEMORY_MINUTES = 5;
const MEMORY_SAMPLE_MS = 5_000;
/** Well below what the intake can take: what grows at this rate grows by keeping, not by queueing. */
const MEMORY_RATE = 400;

/** Five minutes of orders: the memory of the last minute against that of the second, when everything was warm. */
export async function benchIntakeMemory(database: BenchDatabase): Promise<BenchRow[]> {
  const dish = await hotDish(database);
  const request = { kind: 'order', path: `/api/v1/stores/${dish.storeId}/orders`, itemIds: [dish.itemId] } as const;
  return withServer(MATJIP, { DATABASE_URL: database.url }, async ({ port }) => {
    const samples: number[] = [];
    const sample = setInterval(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      samples.push(Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]) / 2 ** 20);
    }, MEMORY_SAMPLE_MS);
    const durationMs = MEMORY_MINUTES * 60_000;
    const result = await loadOrders({ ...TASK, connections: 64, durationMs, port, request, perSecondMax: MEMORY_RATE });
    clearInterval(sample);
    const perMinute = 60_000 / MEMORY_SAMPLE_MS;
    const second = median(samples.slice(perMinute, 2 * perMinute));
    const last = median(samples.slice(-perMinute));
    return [
      {
        what: `intake: memory over ${MEMORY_MINUTES} minutes, ${result.answers} orders`,
        ours: `last minute ${last.toFixed(0)} MiB`,
        baseline: `second minute ${second.toFixed(0)} MiB`,
        ratio: last / second,
        goal: { atMost: 1.1 },
      },
    ];
  });
}
