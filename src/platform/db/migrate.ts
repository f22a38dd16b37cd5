import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url));

export interface MigrateOptions {
  readonly url: string;
  /** Whether to add the indexes of `migrations/tuning`, on by default; a rehearsal leaves them out to show their worth. */
  readonly tuning?: boolean;
  /** Told each migration's name before it runs. */
  readonly log?: (line: string) => void;
  /** Where the SQL files are, with a folder `tuning` inside. */
  readonly folder?: string;
}

/**
 * Brings a database up to date, forward only, each file in a transaction of its own. Of several processes that start
 * together one migrates and the others wait for it.
 * @returns the names of the migrations that this call applied
 * @throws Error that names the file that failed; the files before it stay applied
 */
export async function migrate({
  url,
  tuning = true,
  log = () => {},
  folder = migrations,
}: MigrateOptions): Promise<string[]> {
  const applied = await migrateFolder(url, folder, 'migration', log);
  if (tuning) applied.push(...(await migrateFolder(url, `${folder}/tuning`, 'migration_tuning', log)));
  return applied;
}

async function migrateFolder(
  url: string,
  dir: string,
  migrationsTable: string,
  log: (line: string) => void,
): Promise<string[]> {
  let current: string | undefined;
  const info = (line: string) => {
    const name = /^### MIGRATION (.+) \(UP\) ###$/.exec(line)?.[1];
    if (!name) return;
    current = name;
    log(name);
  };
  const quiet = () => {};
  const client = new pg.Client({
    connectionString: url,
    application_name: 'matjip migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', quiet);
  try {
    await client.connect();
    const options = {
      dir,
      migrationsTable,
      direction: 'up',
      singleTransaction: false,
      advisoryLockMode: 'wait',
      // Numbers are given out ahead, so a lower one may land later: each stands by itself and is made wherever it is missing.
      checkOrder: false,
    } as const;
    const done = await runner({
      dbClient: client,
      ...options,
      logger: { info, warn: quiet, error: quiet, debug: quiet },
    });
    return done.map(({ name }) => name);
  } catch (error) {
    const { message, position } = error as pg.DatabaseError;
    if (!current) throw error;
    throw new Error(`Migration ${current}.sql failed${position ? ` at character ${position}` : ''}: ${message}`, {
      cause: error,
    });
  } finally {
    await client.end().catch(quiet);
  }
}
