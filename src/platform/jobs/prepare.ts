import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';

/*
 * The pause after a failure doubles from half a second to five minutes, and its second half is random, so that a crowd of jobs
 * that failed together does not come back together. Until ADR 17 a trigger wrote it, because the library's runner has none.
 */
const RETRY_PAUSE = `
  SELECT pg_advisory_xact_lock(hashtext('matjip retry pause'));

  CREATE OR REPLACE FUNCTION retry_pause(attempts integer) RETURNS interval LANGUAGE sql VOLATILE AS $$
    SELECT least(300, 0.5 * 2 ^ least(attempts, 16)) * (0.5 + random() / 2) * interval '1 second'
  $$;

  DROP TRIGGER IF EXISTS matjip_spread_retries ON graphile_worker._private_jobs;
  DROP FUNCTION IF EXISTS graphile_worker.matjip_spread_retries();`;

/** As long as a migration waits: a machine that takes longer for a connection takes none. */
const CONNECT_WITHIN_MS = 10_000;

/** Makes the job queue's tables, or brings them up to date; several processes may do it at once. */
export async function prepareJobs(url: string): Promise<void> {
  // A pool of our own, which hears what its connections say until they are gone: the library lets go of its own while they still
  // close, and a server that stops just then would end the process.
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: CONNECT_WITHIN_MS });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => {}) });
    const { rows } = await pool.query<{ ready: boolean }>(
      `SELECT to_regproc('retry_pause') IS NOT NULL AND NOT EXISTS (
         SELECT FROM pg_trigger WHERE tgname = 'matjip_spread_retries') AS ready`,
    );
    if (!rows[0]!.ready) await pool.query(`BEGIN; ${RETRY_PAUSE} COMMIT`);
  } finally {
    await pool.end();
  }
}
