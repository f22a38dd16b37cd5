import { BOUNDS } from '../../src/config.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { auditDay } from '../../src/sales/audit.ts';
import { postDue, rebuildDays } from '../../src/sales/index.ts';
import { hotDish } from '../intake.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { loadOrders, startServer } from '../support/processes.ts';
import { type BenchRow, median } from '../support/row.ts';
import { fillDay } from './day-of-orders.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const ROUNDS = 3;
/** Half a minute for both ways to take orders; one round more of longer load does not move the middle. */
const TASK = { host: '127.0.0.1', connections: 256, warmupMs: 500, durationMs: 1_500 };
const DAY = '2026-11-10';
const DAY_AFTER = '2026-11-11';
/** Of a day of a million orders over fourteen hours, twice the average. */
const MINUTE_ORDERS = 2_400;
/** The absolute goals, for two cores of an ordinary machine. */
const MINUTE_MS = 250;
const CLOSE_MS = 10_000;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
};

/** What the books cost an order, through HTTP: with `ROLLUP=per-order` against `scheduled`, the batch's own work included. */
export async function benchRollup(database: BenchDatabase): Promise<BenchRow[]> {
  return [await costOfAnOrder(database, 'grouped'), await costOfAnOrder(database, 'direct')];
}

/** The running minute and the close of a day, each at a hundredth and at all of a day of a million orders. Three minutes. */
export async function benchRollupDay(database: BenchDatabase): Promise<BenchRow[]> {
  const db = openDb({ url: database.url, connectionsMax: 2, statementTimeoutMs: 0, idleInTransactionMs: 600_000 });
  try {
    return await costOfADay(db);
  } finally {
    await db.close();
  }
}

async function costOfAnOrder(database: BenchDatabase, intake: string): Promise<BenchRow> {
  const dish = await hotDish(database);
  const request = { kind: 'order', path: `/api/v1/stores/${dish.storeId}/orders`, itemIds: [dish.itemId] } as const;
  /** Microseconds an order, with what is left to the batch. */
  const cost = async (rollup: string): Promise<number> => {
    const switches = { INTAKE: intake, ROLLUP: rollup, OVERLOAD: 'off' };
    const env = { PORT: '0', DATABASE_URL: database.url, BENCH_JOBS: 'off', ...switches };
    const server = await startServer(MATJIP, env);
    try {
      const { perSecond } = await loadOrders({ ...TASK, port: server.port, request });
      const { rows } = await database.db.query<{ due: number }>('SELECT count(*) AS due FROM sales_due');
      const { due } = rows[0]!;
      const postedMs = await timed(() => postDue(database.db, BOUNDS.batch.postingsMax));
      return 1e6 / perSecond + (due > 0 ? (1_000 * postedMs) / due : 0);
    } finally {
      await server.stop();
    }
  };
  const perOrder: number[] = [];
  const scheduled: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    perOrder.push(await cost('per-order'));
    scheduled.push(await cost('scheduled'));
  }
  return {
    what: `rollup: an order, per-order ÷ scheduled, ${intake}`,
    ours: `per-order ${median(perOrder).toFixed(0)} µs`,
    baseline: `scheduled ${median(scheduled).toFixed(0)} µs`,
    ratio: median(perOrder.map((value, round) => value / scheduled[round]!)),
    goal: { atLeast: 1 },
  };
}

async function costOfADay(db: ReturnType<typeof openDb>): Promise<BenchRow[]> {
  const sizes = { small: 10_000, large: 1_000_000 };
  const minute: Record<string, number> = {};
  const close: Record<string, number> = {};
  for (const [name, orders] of Object.entries(sizes)) {
    const storeId = await fillDay(db, DAY, orders);
    await db.query('VACUUM ANALYZE orders, order_line');
    await rebuildDays(db, { from: DAY, to: DAY_AFTER }, { storeIds: [storeId] });
    const closes: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      closes.push(
        await timed(async () => {
          const wrong = await auditDay(db, { storeId, day: DAY }, true);
          if (wrong.length > 0) throw new Error(`The books are wrong: ${JSON.stringify(wrong[0])}`);
        }),
      );
    }
    close[name] = median(closes);
    const minutes: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // The last minute's orders once more: what it costs does not depend on whether they were counted before.
      await db.query(
        `INSERT INTO sales_due (store_id, order_id, weight)
         SELECT store_id, id, 1 FROM orders WHERE store_id = $1 AND id >= uuid_v7_floor($2::date) ORDER BY id DESC LIMIT $3`,
        [storeId, DAY, MINUTE_ORDERS],
      );
      minutes.push(await timed(() => postDue(db, BOUNDS.batch.postingsMax)));
    }
    minute[name] = median(minutes);
  }
  const ms = (value: number) => `${Math.round(value).toLocaleString('en')} ms`;
  return [
    {
      what: 'rollup: the running minute, 1,000,000 ÷ 10,000 orders',
      ours: `${ms(minute.large!)} (wanted ≤ ${MINUTE_MS} ms)`,
      baseline: ms(minute.small!),
      ratio: minute.large! / minute.small!,
      goal: { atMost: 1.5 },
    },
    {
      what: 'rollup: closing a day, an order, 1,000,000 ÷ 10,000',
      ours: `${ms(close.large!)} (wanted ≤ ${CLOSE_MS} ms)`,
      baseline: ms(close.small!),
      ratio: close.large! / sizes.large / (close.small! / sizes.small),
      goal: { atMost: 2 },
    },
  ];
}
