import type { Queryable } from '../db/pool.ts';

/**
 * Work of one kind. It may run more than once and out of order, so it must come to the same end.
 * @returns for a payload that is a list it may be a list of settled results, one for each entry: only the entries that
 *   failed are tried again
 */
export type JobHandler = (payload: unknown) => Promise<unknown>;

/** A kind of work that the clock starts; its handler is among those of its pool. */
export interface ScheduledJob {
  readonly kind: string;
  /** A cron line in UTC. */
  readonly pattern: string;
  /** How far back a run that was missed is made up for, such as `2h`; however many were missed, one makes up for them. */
  readonly backfill: string;
}

/** What a worker pool works with during one of its lives. */
export interface OpenHandlers {
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Lets go of what they work with. It is not waited for when the pool begins again because they hang. */
  close(): Promise<void>;
}

/** Kinds of work that share workers. What may hang belongs in a pool of its own, so that nothing else waits for it. */
export interface WorkerPool {
  readonly name: string;
  /** Makes the handlers anew each time the pool begins, so that nothing that hangs in the old ones is kept. */
  open(): OpenHandlers;
  readonly scheduled?: readonly ScheduledJob[];
  /** Jobs at once. */
  readonly concurrency: number;
  /** A job that is due and untouched for so long, or no step of the pool within it, means that the pool stands still. */
  readonly standstillMs: number;
}

export interface JobLog {
  info(details: object): void;
  warn(details: object): void;
  error(details: object): void;
  debug(details: object): void;
}

/** How a worker pool of this process does. */
export interface PoolHealth {
  readonly pool: string;
  /** Jobs under way. */
  readonly running: number;
  /** Since its last completed look for jobs. */
  readonly lookedMs: number;
  /** For how long the oldest job has been due that nobody works on, by the database's clock; 0 when there is none. */
  readonly dueMs: number;
  /** How often it was begun again because it stood still. */
  readonly restarts: number;
  /** Why orders should rather go to another process; undefined when all is well. */
  readonly problem: string | undefined;
}

export interface JobRunner {
  health(): readonly PoolHealth[];
  /** Lets the jobs under way finish, takes no new ones; those that take too long are left to others. */
  stop(): Promise<void>;
}

/**
 * Tries of one job before it is a dead letter. With the pauses of `retry_pause` twelve take about twenty minutes:
 * fewer would bury work during a restart of Postgres, more would hide a fault from people.
 */
export const ATTEMPTS_MAX = 12;

/** Work for the job queue. */
export interface NewJob {
  readonly kind: string;
  readonly payload: unknown;
  readonly attemptsMax?: number;
  /** By the database's clock. Unset: now. */
  readonly runAt?: Date;
  /** Of somebody who makes many: these have at most a share of a worker pool's places, and nobody else's job waits behind them. */
  readonly ofCrowd?: boolean;
  /** There is one waiting job of a key: this one takes its place. */
  readonly key?: string;
}

/** Puts work into the job queue: it exists if and only if the transaction commits. */
export async function addJobs(tx: Queryable, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.query(
    `SELECT FROM graphile_worker.add_jobs(ARRAY(
       SELECT (kind, payload, NULL, "runAt", "attemptsMax", key, "ofCrowd"::int, NULL)::graphile_worker.job_spec
       FROM json_to_recordset($1::json) AS j (kind text, payload json, "runAt" timestamptz, "attemptsMax" int, key text, "ofCrowd" boolean)))`,
    [JSON.stringify(jobs.map((job) => ({ attemptsMax: ATTEMPTS_MAX, ...job })))],
    'add-jobs',
  );
}
