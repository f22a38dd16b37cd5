import { migrate } from '../../src/platform/db/migrate.ts';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { seedCommand } from '../../src/seed/seed.ts';
import type { BenchDatabase } from '../support/bench-database.ts';

export interface SeedSizes {
  readonly stores: number;
  readonly items: number;
  readonly orders: number;
}

/**
 * A database of its own beside the bench's, made by `matjip seed` and tidied up, with how long that took and how large it is. One of these
 * sizes that an earlier run has kept is used as it is; one that was not finished is made anew.
 */
export async function seededDatabase(
  { db: admin, url: server, folder }: BenchDatabase,
  name: string,
  sizes: SeedSizes,
): Promise<{ readonly url: string; readonly db: Db }> {
  const startedMs = performance.now();
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.href;
  const mark = `whole: ${JSON.stringify(sizes)}`;
  const { rows: found } = await admin.query<{ mark: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = $1`,
    [name],
  );
  if (found[0]?.mark === mark) {
    await migrate({ url });
    console.log(`kept: ${sizes.orders.toLocaleString('en')} orders of ${sizes.stores} stores`);
    return { url, db: openDb({ url, connectionsMax: 1, statementTimeoutMs: 0 }) };
  }
  if (found[0]) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${name}`);
  await migrate({ url });
  await prepareJobs(url);
  await seedCommand({ databaseUrl: url, home: folder }, { ...sizes, seed: 1, log: () => {} });
  const db = openDb({ url, connectionsMax: 1, statementTimeoutMs: 0 });
  await db.query('VACUUM ANALYZE');
  const { rows } = await db.query<{ mib: number }>('SELECT pg_database_size(current_database()) / 1048576.0 AS mib');
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(
    `seeded ${sizes.orders.toLocaleString('en')} orders of ${sizes.stores} stores in ${seconds.toFixed(0)} s: ${Math.round(rows[0]!.mib).toLocaleString('en')} MiB`,
  );
  await admin.query(`COMMENT ON DATABASE ${name} IS '${mark}'`);
  return { url, db };
}

/** Each goes first as often as the other; the ratio is the middle of the pairs'. */
export async function inPairs(
  rounds: number,
  small: () => Promise<unknown>,
  large: () => Promise<unknown>,
): Promise<{ readonly small: number[]; readonly large: number[] }> {
  const times = { small: [] as number[], large: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const size of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
      const startedMs = performance.now();
      await { small, large }[size]();
      times[size].push(performance.now() - startedMs);
    }
  }
  return times;
}
