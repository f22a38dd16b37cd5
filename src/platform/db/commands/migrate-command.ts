import { migrate } from '../migrate.ts';
import { type DatabaseConfig, withDatabaseUrl } from './with-database.ts';

/** `matjip migrate`: migrates the database of the config, which may be in use by a server, and says what it applied. */
export async function migrateCommand(config: DatabaseConfig): Promise<void> {
  const log = console.log;
  const applied = await withDatabaseUrl(config, (url) => migrate({ url, log }), { log });
  log(`${applied.length} migrations applied; the database is up to date.`);
}
