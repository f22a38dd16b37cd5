import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';

/*
 * The library's own pause is e^attempts seconds without jitter: after ten tries six hours, and a crowd of jobs that
 * failed together comes back together. Here the pause doubles from half a second to five minutes, and its second half
 * is random. The library offers no setting for it, so a trigger overwrites `run_at` in the one update that a failure
 * makes; a test fails a job to see that it still does.
 */
const RETRY_PAUSE = `
  SELECT pg_advisory_xact_lock(hashtext('matjip retry pause'));

  CREATE OR REPLACE FUNCTION retry_pause(attempts integer) RETURNS interval LANGUAGE sql VOLATILE AS $$
    SELECT least(300, 0.5 * 2 ^ least(attempts, 16)) * (0.5 + random() / 2) * interval '1 second'
  $$;

  CREATE OR REPLACE FUNCTION graphile_worker.matjip_spread_retries() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.updated_at := now();
    NEW.run_at := now() + public.retry_pause(NEW.attempts);
    RETURN NEW;
  END $$;

  DROP TRIGGER IF EXISTS matjip_spread_retries ON graphile_worker._private_jobs;
  CREATE TRIGGER matjip_spread_retries BEFORE UPDATE OF last_error, run_at ON graphile_worker._private_jobs
  FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL AND NEW.locked_at IS NULL AND NEW.run_at > OLD.run_at
    AND NEW.attempts = OLD.attempts AND NEW.last_error IS NOT NULL)
  EXECUTE FUNCTION graphile_worker.matjip_spread_retries();`;

/** Makes the channel's tables, or brings them up to date; several processes may do it at once. */
export async function prepareJobs(url: string): Promise<void> {
  await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `SELECT FROM pg_trigger WHERE tgname = 'matjip_spread_retries'
       AND tgrelid = 'graphile_worker._private_jobs'::regclass`,
    );
    if (rowCount === 0) await client.query(`BEGIN; ${RETRY_PAUSE} COMMIT`);
  } finally {
    await client.end();
  }
}
