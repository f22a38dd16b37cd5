import { rm } from 'node:fs/promises';
import { startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.ts';
import { readyHome } from './ready-home.ts';

/** The address of the Postgres that a whole run of tests shares; `test/support/run.ts` sets it. */
export const SHARED_POSTGRES = 'MATJIP_TEST_POSTGRES';

/** Tests want speed, and their data may go with the machine. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '400',
  max_logical_replication_workers: '0',
};

/** Starts a Postgres for tests in a folder of its own, which goes with it. */
export async function startTestPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const home = await readyHome();
  const postgres = await startEmbeddedPostgres({ home, settings: SETTINGS });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
