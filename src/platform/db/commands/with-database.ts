import type { Config } from '../../../config.ts';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import { migrate } from '../migrate.ts';
import { type Db, openDb } from '../pool.ts';

/** A batch may well take longer over a statement than a request is allowed to. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

export type DatabaseConfig = Pick<Config, 'databaseUrl' | 'home'>;

/**
 * Runs one command's work on the database that `config` names: an outside one, or the embedded one, which is started
 * for as long as the work takes. Nothing is migrated.
 * @param options.join whether an embedded one that a server runs already is shared with it; otherwise that is an error
 */
export async function withDatabaseUrl<T>(
  config: DatabaseConfig,
  work: (url: string) => Promise<T>,
  { join = true, log = () => {} }: { readonly join?: boolean; readonly log?: (line: string) => void } = {},
): Promise<T> {
  if (config.databaseUrl !== undefined) return work(config.databaseUrl);
  const embedded = await startEmbeddedPostgres({ home: config.home, join, log });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

/**
 * The same with migrations applied first, and connections for a command's work.
 * @param options.statementTimeoutMs 0: a statement may take as long as it takes
 */
export async function withDatabase<T>(
  config: DatabaseConfig,
  work: (db: Db, url: string) => Promise<T>,
  { statementTimeoutMs = STATEMENT_TIMEOUT_MS }: { readonly statementTimeoutMs?: number } = {},
): Promise<T> {
  return withDatabaseUrl(config, async (url) => {
    await migrate({ url, log: () => {} });
    const db = openDb({
      url,
      connectionsMax: 4,
      acquireTimeoutMs: 30_000,
      statementTimeoutMs,
      applicationName: 'matjip command',
    });
    try {
      return await work(db, url);
    } finally {
      await db.close();
    }
  });
}
