import type { Config } from '../../config.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';
import { type Db, openDb } from './pool.ts';

/** A batch may well take longer over a statement than a request is allowed to. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

/**
 * Runs one command's work on the database that `config` names: an outside one, or the embedded one, which is started
 * for as long as the work takes, or shared with a server that runs it already. Migrations are applied first.
 */
export async function withDatabase<T>(
  config: Pick<Config, 'databaseUrl' | 'home'>,
  work: (db: Db, url: string) => Promise<T>,
  log: (line: string) => void = () => {},
): Promise<T> {
  const embedded =
    config.databaseUrl === undefined ? await startEmbeddedPostgres({ home: config.home, join: true, log }) : undefined;
  try {
    const url = embedded?.url ?? config.databaseUrl!;
    await migrate({ url, log });
    const db = openDb({
      url,
      connectionsMax: 4,
      acquireTimeoutMs: 30_000,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      applicationName: 'matjip command',
    });
    try {
      return await work(db, url);
    } finally {
      await db.close();
    }
  } finally {
    await embedded?.stop();
  }
}
