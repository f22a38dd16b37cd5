import { prepareJobs } from '../../jobs/prepare.ts';
import { isSharded } from '../citus/is-sharded.ts';
import { migrate } from '../migrate.ts';
import { type Db, openDb } from '../pool.ts';
import { type DatabaseConfig, withDatabaseUrl } from './with-database.ts';

export interface ResetOptions {
  /** A database that is not the embedded one is emptied only with this. */
  readonly yes?: boolean;
  /** Fills the empty database. */
  readonly fill?: (db: Db) => Promise<void>;
  readonly log?: (line: string) => void;
}

/**
 * `matjip db reset`: empties the database of the config, orders and all, and brings it up to date.
 * @throws Error while anybody serves from it, for one that is spread over machines, and for one of somebody else without `yes`
 */
export async function resetCommand(
  config: DatabaseConfig,
  { yes = false, fill, log = console.log }: ResetOptions = {},
): Promise<void> {
  if (config.databaseUrl !== undefined && !yes) {
    const { host, pathname } = new URL(config.databaseUrl);
    throw new Error(
      `${host}${pathname} is not the embedded database: --yes empties it all the same, and nothing brings it back.`,
    );
  }
  await withDatabaseUrl(
    config,
    async (url) => {
      const db = openDb({ url, connectionsMax: 2, statementTimeoutMs: 0, applicationName: 'db reset' });
      try {
        await refuseUsed(db);
        const { orders, stores } = await countLost(db);
        await empty(db);
        await migrate({ url });
        await prepareJobs(url);
        log(`Emptied: ${stores} stores and ${orders} orders are gone. The database is up to date.`);
        await fill?.(db);
      } finally {
        await db.close();
      }
    },
    { join: false, log },
  );
}

async function refuseUsed(db: Db): Promise<void> {
  if (await isSharded(db))
    throw new Error('This database is spread over machines by Citus: drop it there, on its coordinator.');
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'matjip%'`,
  );
  if (rows[0]!.count > 0) throw new Error(`A Matjip uses this database (${rows[0]!.count} sessions): stop it first.`);
}

/** Of a database that was never migrated, nothing. */
async function countLost(db: Db): Promise<{ orders: number; stores: number }> {
  const { rows } = await db.query<{ there: boolean }>(
    `SELECT to_regclass('orders') IS NOT NULL AND to_regclass('store') IS NOT NULL AS there`,
  );
  if (!rows[0]!.there) return { orders: 0, stores: 0 };
  const counted = await db.query<{ orders: number; stores: number }>(
    'SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM store) AS stores',
  );
  return counted.rows[0]!;
}

/** All at once or not at all; a session that holds a table for longer than this has it keep everything. */
const empty = (db: Db): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.query(`SET LOCAL lock_timeout = '5s'`);
    await tx.query('DROP SCHEMA IF EXISTS graphile_worker CASCADE');
    await tx.query('DROP SCHEMA public CASCADE');
    await tx.query('CREATE SCHEMA public');
  });
