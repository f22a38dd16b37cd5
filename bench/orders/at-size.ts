import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { seedCommand } from '../../src/seed/seed.ts';
import { hotDish } from '../intake.ts';
import { loadOrders, startServer } from '../support/processes.ts';
import { type BenchRow, median, perSecond } from '../support/row.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const SMALL = 10_000;
const LARGE = 1_000_000;
/** Interleaved, because a shared machine's speed drifts by more than the difference that is looked for. */
const ROUNDS = 7;
const TASK = { host: '127.0.0.1', connections: 512, warmupMs: 1_000, durationMs: 3_000 };

/** Whether the intake of a shop with a history is as fast as that of a new one. Takes about three minutes. */
export async function benchIntakeAtSize(): Promise<BenchRow[]> {
  const home = await mkdtemp(join(tmpdir(), 'matjip-bench-'));
  const postgres = await startEmbeddedPostgres({ home });
  const admin = openDb({ url: postgres.url, connectionsMax: 1, statementTimeoutMs: 0 });
  try {
    const small = await seeded(admin, postgres.url, home, SMALL);
    const large = await seeded(admin, postgres.url, home, LARGE);
    const rates = { small: [] as number[], large: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      // Each goes first as often as the other, and neither pays for the other's dirty pages.
      const order = round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const);
      for (const size of order) {
        await admin.query('CHECKPOINT');
        rates[size].push(await rate({ small, large }[size]));
      }
    }
    return [
      {
        what: `intake: ${LARGE.toLocaleString('en')} ÷ ${SMALL.toLocaleString('en')} orders in the tables`,
        ours: perSecond('full', median(rates.large)),
        baseline: perSecond('nearly empty', median(rates.small)),
        ratio: median(rates.large.map((value, round) => value / rates.small[round]!)),
        goal: { atLeast: 0.9 },
      },
    ];
  } finally {
    await admin.close();
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

interface Target {
  readonly url: string;
  readonly storeId: string;
  readonly itemId: string;
}

async function seeded(admin: Db, server: string, home: string, orders: number): Promise<Target> {
  const name = `orders_${orders}`;
  await admin.query(`CREATE DATABASE ${name}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.href;
  await migrate({ url });
  await prepareJobs(url);
  await seedCommand({ databaseUrl: url, home }, { stores: 10, items: 50, orders, seed: 1, log: () => {} });
  const db = openDb({ url, connectionsMax: 1, statementTimeoutMs: 0 });
  try {
    await db.query('VACUUM ANALYZE');
    return { url, ...(await hotDish({ url, db, folder: home, close: async () => {} })) };
  } finally {
    await db.close();
  }
}

/** Orders a second. The job queue's work is left to others here: what is compared is the intake. */
async function rate({ url, storeId, itemId }: Target): Promise<number> {
  const server = await startServer(MATJIP, { PORT: '0', DATABASE_URL: url, OVERLOAD: 'off', BENCH_JOBS: 'off' });
  try {
    const request = { kind: 'order', path: `/api/v1/stores/${storeId}/orders`, itemIds: [itemId] } as const;
    return (await loadOrders({ ...TASK, port: server.port, request })).perSecond;
  } finally {
    await server.stop();
  }
}
