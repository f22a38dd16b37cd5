import { SALES_BY } from '../../src/contract/index.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { type BooksOf, readDays, readSales } from '../../src/sales/read-sales.ts';
import { seedCommand } from '../../src/seed/seed.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { type BenchRow, median } from '../support/row.ts';

const SMALL = 10_000;
const LARGE = 300_000;
const ROUNDS = 40;
const WEEK_MS = 7 * 24 * 3_600_000;

/** Whether the owner's page is as fast with a year of history as with two weeks: each table of a day, and the list of days. */
export async function benchSalesPage(database: BenchDatabase): Promise<BenchRow[]> {
  const small = await seeded(database, SMALL);
  const large = await seeded(database, LARGE);
  try {
    const times = { small: [] as number[], large: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      times.small.push(await small.page());
      times.large.push(await large.page());
    }
    return [
      {
        what: `sales page: ${LARGE.toLocaleString('en')} ÷ ${SMALL.toLocaleString('en')} orders`,
        ours: `${median(times.large).toFixed(2)} ms`,
        baseline: `${median(times.small).toFixed(2)} ms`,
        ratio: median(times.large.map((value, round) => value / times.small[round]!)),
        goal: { atMost: 1.2 },
      },
    ];
  } finally {
    await small.db.close();
    await large.db.close();
  }
}

async function seeded(database: BenchDatabase, orders: number): Promise<{ readonly db: Db; page(): Promise<number> }> {
  const name = `sales_${orders}`;
  await database.db.query(`CREATE DATABASE ${name}`);
  const address = new URL(database.url);
  address.pathname = `/${name}`;
  const url = address.href;
  await migrate({ url });
  await prepareJobs(url);
  await seedCommand(
    { databaseUrl: url, home: database.folder },
    { stores: 3, items: 50, orders, seed: 1, log: () => {} },
  );
  const db = openDb({ url, connectionsMax: 1, statementTimeoutMs: 0 });
  await db.query('VACUUM ANALYZE');
  const stores = await db.query<BooksOf>(
    `SELECT id, currency, time_zone AS "timeZone" FROM store WHERE slug = 'seed-1-0001'`,
  );
  const store = stores.rows[0]!;
  const { rows } = await db.query<{ day: string }>('SELECT (max(day) - 1)::text AS day FROM sales_day');
  const day = rows[0]!.day;
  const after = (from: string, ms: number) => new Date(Date.parse(from) + ms).toISOString().slice(0, 10);
  return {
    db,
    async page() {
      const startedMs = performance.now();
      for (const from of [day, after(day, -WEEK_MS)]) {
        for (const by of SALES_BY) await readSales(db, store, { from, to: after(from, WEEK_MS / 7) }, by);
      }
      await readDays(db, store, { from: after(day, -2 * WEEK_MS), to: after(day, WEEK_MS / 7) });
      return performance.now() - startedMs;
    },
  };
}
