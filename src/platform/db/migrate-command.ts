import type { Config } from '../../config.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';

/** `matjip migrate`: migrates the database of the config, which may be in use by a server, and says what it applied. */
export async function migrateCommand(config: Pick<Config, 'databaseUrl' | 'home'>): Promise<void> {
  const embedded = config.databaseUrl
    ? undefined
    : await startEmbeddedPostgres({ home: config.home, join: true, log: console.log });
  try {
    const applied = await migrate({ url: config.databaseUrl ?? embedded!.url, log: console.log });
    console.log(`${applied.length} migrations applied; the database is up to date.`);
  } finally {
    await embedded?.stop();
  }
}
