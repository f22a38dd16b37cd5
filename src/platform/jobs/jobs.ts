import type { Queryable } from '../db/pool.ts';

/**
 * Work of one kind. It may run more than once and out of order, so it must come to the same end.
 * @returns for a payload that is a list it may be a list of settled results, one for each entry: only the entries that
 *   failed are tried again
 */
export type JobHandler = (payload: unknown) => Promise<unknown>;

/** A kind of work that the clock starts. */
export interface ScheduledJob {
  readonly kind: string;
  /** A cron line in UTC. */
  readonly pattern: string;
  /** How far back runs that were missed are made up for, such as `2h`; those that have not begun yet become one. */
  readonly backfill: string;
  readonly handle: () => Promise<void>;
}

/** Kinds of work that share workers. What may hang belongs in a lane of its own, so that nothing else waits for it. */
export interface JobLane {
  readonly handlers: Readonly<Record<string, JobHandler>>;
  readonly scheduled?: readonly ScheduledJob[];
  /** Jobs at once. */
  readonly concurrency: number;
}

export interface JobLog {
  info(details: object): void;
  warn(details: object): void;
  error(details: object): void;
  debug(details: object): void;
}

export interface JobRunner {
  /** Lets the jobs under way finish, takes no new ones. */
  stop(): Promise<void>;
}

/**
 * Tries of one job before it is a dead letter. With the pauses of `retry_pause` twelve take about twenty minutes:
 * fewer would bury work during a restart of Postgres, more would hide a fault from people.
 */
export const ATTEMPTS_MAX = 12;

/** Work for the channel. */
export interface NewJob {
  readonly kind: string;
  readonly payload: unknown;
  readonly attemptsMax?: number;
  /** Unset: now. */
  readonly runAt?: Date;
  /** There is one waiting job of a key: this one takes its place. */
  readonly key?: string;
}

/** Puts work on the channel: it exists if and only if the transaction commits. */
export async function addJobs(tx: Queryable, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.query(
    `SELECT FROM graphile_worker.add_jobs(ARRAY(
       SELECT (kind, payload, NULL, "runAt", "attemptsMax", key, NULL, NULL)::graphile_worker.job_spec
       FROM json_to_recordset($1::json) AS j (kind text, payload json, "runAt" timestamptz, "attemptsMax" int, key text)))`,
    [JSON.stringify(jobs.map((job) => ({ attemptsMax: ATTEMPTS_MAX, ...job })))],
    'add-jobs',
  );
}
