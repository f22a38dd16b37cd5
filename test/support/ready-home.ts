import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';

/** Where the run keeps its ready home; `test/support/run.ts` makes it and sets this. */
export const READY_HOME = 'MATJIP_TEST_READY_HOME';

/** Makes a home with an embedded Postgres that is migrated and was stopped, for all files of a run to copy. @returns its folder */
export async function makeReadyHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'matjip-ready-'));
  const postgres = await startEmbeddedPostgres({ home, keep: false });
  try {
    await migrate({ url: postgres.url });
    await prepareJobs(postgres.url);
  } finally {
    await postgres.stop();
  }
  // A copy chooses its own.
  for (const own of ['postgres.port', 'postgres.log']) await rm(join(home, own), { force: true });
  return home;
}

/**
 * A home of a test's own. It is a copy of the run's ready home, because making a Postgres takes seconds; empty, for the first
 * start to fill, where a file is run by hand.
 */
export async function readyHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'matjip-home-'));
  const ready = process.env[READY_HOME];
  if (ready) await promisify(execFile)('cp', ['-a', `${ready}/.`, home]);
  return home;
}
