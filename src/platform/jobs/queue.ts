import type { Queryable } from '../db/pool.ts';
import { ATTEMPTS_MAX } from './jobs.ts';

/*
 * The statements of a worker, on the tables that graphile-worker makes and `add_jobs` fills. A job is locked by the session
 * that took it; a session is named by its worker and holds that name's advisory lock for as long as it lives.
 */

/** A job that was taken. */
export interface TakenJob {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly ofCrowd: boolean;
}

/** What became of a job that failed. */
export interface FailedJob {
  readonly id: string;
  readonly message: string;
  /** Of a list only the entries that failed; undefined: all of it. */
  readonly payload?: unknown;
}

/** One half of the two numbers of our advisory locks: no other lock has it. */
const LOCK_SPACE = 0x6d61746a;

/** Says for as long as this session lives that its worker does. */
export async function announceWorker(session: Queryable, worker: string): Promise<void> {
  await session.query(`SELECT pg_advisory_lock(${LOCK_SPACE}, hashtext($1))`, [worker]);
}

/** @returns the names of these kinds by the number that the database gives each */
export async function nameKinds(session: Queryable, kinds: readonly string[]): Promise<Map<number, string>> {
  await session.query(
    `INSERT INTO graphile_worker._private_tasks (identifier) SELECT k FROM unnest($1::text[]) AS k
     WHERE NOT EXISTS (SELECT FROM graphile_worker._private_tasks WHERE identifier = k) ON CONFLICT DO NOTHING`,
    [kinds],
  );
  const { rows } = await session.query<{ id: number; kind: string }>(
    'SELECT id, identifier AS kind FROM graphile_worker._private_tasks WHERE identifier = ANY ($1::text[])',
    [kinds],
  );
  return new Map(rows.map(({ id, kind }) => [id, kind]));
}

/**
 * How often a job may be interrupted: by the death of its worker, a crash of the database, a lost session. That is no failure of the job,
 * so it costs none of its tries. Without a bound a job that is what kills them would do so for ever; with the pauses below these take
 * half an hour.
 */
const INTERRUPTIONS_MAX = 24;

/** So often it comes again at once: whatever ended its worker was hardly the job, and a kitchen waits for it. */
const AT_ONCE_MAX = 3;

/**
 * Up to this place of `retry_pause` the pauses then double, to sixteen seconds: with the ten in which a dead worker is found that is less
 * than the thirty within which somebody takes over what it left.
 */
const SOON_MAX = 5;

/** So many of these, two minutes: after that it is likely the job itself, and its pauses go on doubling. */
const SOON_TIMES = 9;

/** What is set on a job that was interrupted. The pauses part one that kills its workers from those that only share a worker with it. */
const INTERRUPTED = `locked_by = NULL, locked_at = NULL, updated_at = now(),
  max_attempts = greatest(j.max_attempts, least(j.max_attempts + 1, ${ATTEMPTS_MAX + INTERRUPTIONS_MAX})),
  run_at = CASE WHEN j.attempts <= ${AT_ONCE_MAX} THEN j.run_at ELSE now() + retry_pause(
    greatest(least(j.attempts - ${AT_ONCE_MAX}, ${SOON_MAX}), j.attempts - ${AT_ONCE_MAX + SOON_TIMES - 1})) END`;

/**
 * A job that was under way when another of its key came: `add_jobs` takes its key and all its tries away, so that only the other one
 * comes again. On its last try it looks the same, but nothing has changed it since it was taken: `takeJobs` writes both times, as a job may
 * have been put by a transaction that began after the one that takes it.
 */
const REPLACED = '(j.key IS NULL AND j.attempts >= j.max_attempts AND j.updated_at > j.locked_at)';

/** Frees the jobs of a session that has ended; also those that were taken by a statement whose answer never came. */
export async function giveBack(session: Queryable, worker: string): Promise<void> {
  await session.query(
    `WITH away AS (DELETE FROM graphile_worker._private_jobs j WHERE j.locked_by = $1 AND ${REPLACED})
     UPDATE graphile_worker._private_jobs j SET ${INTERRUPTED} WHERE j.locked_by = $1 AND NOT ${REPLACED}`,
    [worker],
  );
}

/**
 * Takes jobs that are due, at most `limit`, and of crowds at most `crowdLimit`; each begins one of its tries. A crowd's are those of a
 * priority above 0, so the library's index finds the oldest of both, however many wait.
 */
export async function takeJobs(
  session: Queryable,
  worker: string,
  kinds: ReadonlyMap<number, string>,
  { limit, crowdLimit }: { readonly limit: number; readonly crowdLimit: number },
): Promise<TakenJob[]> {
  const { rows } = await session.query<{
    id: string;
    task_id: number;
    payload: unknown;
    attempts: number;
    max_attempts: number;
    of_crowd: boolean;
  }>(
    `WITH of_crowds AS MATERIALIZED (
       SELECT id FROM graphile_worker._private_jobs
       WHERE is_available AND run_at <= now() AND task_id = ANY ($2::int[]) AND priority > 0
       ORDER BY priority, run_at LIMIT $4 FOR UPDATE SKIP LOCKED
     ), of_others AS MATERIALIZED (
       SELECT id FROM graphile_worker._private_jobs
       WHERE is_available AND run_at <= now() AND task_id = ANY ($2::int[]) AND priority <= 0
       ORDER BY priority, run_at LIMIT $3 - (SELECT count(*) FROM of_crowds) FOR UPDATE SKIP LOCKED
     )
     UPDATE graphile_worker._private_jobs j SET attempts = attempts + 1, locked_by = $1, locked_at = now(), updated_at = now()
     FROM (SELECT id FROM of_crowds UNION ALL SELECT id FROM of_others) due WHERE j.id = due.id
     RETURNING j.id::text, j.task_id, j.payload, j.attempts, j.max_attempts, j.priority > 0 AS of_crowd`,
    [worker, [...kinds.keys()], limit, Math.min(crowdLimit, limit)],
    'take-jobs',
  );
  return rows.map(({ id, task_id, payload, attempts, max_attempts, of_crowd }) => ({
    id,
    kind: kinds.get(task_id)!,
    payload,
    attempts,
    attemptsMax: max_attempts,
    ofCrowd: of_crowd,
  }));
}

/** Takes jobs that are done off the job queue, if they are still this worker's. */
export async function finishJobs(session: Queryable, worker: string, ids: readonly string[]): Promise<void> {
  await session.query(
    'DELETE FROM graphile_worker._private_jobs WHERE id = ANY ($2::bigint[]) AND locked_by = $1',
    [worker, ids],
    'finish-jobs',
  );
}

/**
 * Lets jobs that failed come again after a pause, which interruptions do not lengthen. One whose place another of its key has taken does
 * not come again: the other does its work, and is a dead letter if that fails, too.
 * @returns the pauses, in milliseconds
 */
export async function failJobs(session: Queryable, worker: string, failed: readonly FailedJob[]): Promise<number[]> {
  const { rows } = await session.query<{ pauseMs: number }>(
    `WITH failed AS MATERIALIZED (
       SELECT * FROM json_to_recordset($2::json) AS f (id bigint, message text, payload json)
     ), away AS (
       DELETE FROM graphile_worker._private_jobs j USING failed f WHERE j.id = f.id AND j.locked_by = $1 AND ${REPLACED}
     )
     UPDATE graphile_worker._private_jobs j
     SET last_error = f.message, run_at = now() + retry_pause(j.attempts - greatest(0, j.max_attempts - ${ATTEMPTS_MAX})),
       updated_at = now(), locked_by = NULL, locked_at = NULL, payload = coalesce(f.payload, j.payload)
     FROM failed f WHERE j.id = f.id AND j.locked_by = $1 AND NOT ${REPLACED}
     RETURNING extract(epoch FROM j.run_at - now())::float * 1000 AS "pauseMs"`,
    [worker, JSON.stringify(failed)],
    'fail-jobs',
  );
  return rows.map(({ pauseMs }) => pauseMs);
}

/**
 * Frees the jobs of workers whose session has ended: whoever can take a worker's lock knows that it is dead.
 *
 * And a job that was written down in the future was so by a clock that has been set back since: its pause begins now.
 * @returns the workers that were found dead
 */
export async function freeJobs(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ worker: string }>(
    `WITH holders AS MATERIALIZED (
       SELECT DISTINCT locked_by AS worker FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL
     ), dead AS MATERIALIZED (
       SELECT worker FROM holders WHERE pg_try_advisory_xact_lock(${LOCK_SPACE}, hashtext(worker))
     ), away AS (
       DELETE FROM graphile_worker._private_jobs j USING dead WHERE j.locked_by = dead.worker AND ${REPLACED}
     ), freed AS (
       UPDATE graphile_worker._private_jobs j SET ${INTERRUPTED} FROM dead
       WHERE j.locked_by = dead.worker AND NOT ${REPLACED}
     ), brought_back AS (
       UPDATE graphile_worker._private_jobs SET run_at = now() + (run_at - updated_at), updated_at = now()
       WHERE is_available AND run_at > now() AND updated_at > now() + interval '1 second'
     )
     SELECT worker FROM dead`,
    [],
    'free-jobs',
  );
  return rows.map(({ worker }) => worker);
}

/** What is looked for apart: the library's index is by priority first. */
const PRIORITIES = { others: 'BETWEEN -32768 AND 0', crowds: 'BETWEEN 1 AND 32767' } as const;

/** For how long the oldest job of these kinds has been due that nobody works on, in milliseconds: of crowds, and of all others. 0: there is none. */
export async function readDueMs(
  db: Queryable,
  kinds: readonly string[],
): Promise<{ readonly crowds: number; readonly others: number }> {
  const oldest = (priorities: string) =>
    `(SELECT j.run_at FROM graphile_worker._private_jobs j
      WHERE j.is_available AND j.run_at <= now() AND j.priority ${priorities} AND j.task_id IN (
        SELECT id FROM graphile_worker._private_tasks WHERE identifier = ANY ($1::text[]))
      ORDER BY j.priority, j.run_at LIMIT 1)`;
  const { rows } = await db.query<{ crowds: number; others: number }>(
    `SELECT coalesce(extract(epoch FROM now() - ${oldest(PRIORITIES.crowds)}), 0)::float * 1000 AS crowds,
       coalesce(extract(epoch FROM now() - ${oldest(PRIORITIES.others)}), 0)::float * 1000 AS others`,
    [kinds],
    'due-of-kinds',
  );
  return rows[0]!;
}

/** The oldest job of each list of kinds that is due and that nobody works on. */
export async function findOldestDue(
  db: Queryable,
  kindsOfPools: readonly (readonly string[])[],
): Promise<{ at: Date; due: ({ id: string; dueMs: number } | undefined)[] }> {
  const { rows } = await db.query<{ at: Date; id: string | null; dueMs: number }>(
    `SELECT now() AS at, oldest.id::text, extract(epoch FROM now() - oldest.run_at)::float * 1000 AS "dueMs"
     FROM json_array_elements($1::json) WITH ORDINALITY AS pool (kinds, place) LEFT JOIN LATERAL (
       SELECT first.id, first.run_at FROM (VALUES (-32768, 0), (1, 32767)) AS priorities (least, most) CROSS JOIN LATERAL (
         SELECT j.id, j.run_at FROM graphile_worker._private_jobs j
         WHERE j.is_available AND j.run_at <= now() AND j.priority BETWEEN least AND most AND j.task_id IN (
           SELECT t.id FROM graphile_worker._private_tasks t, json_array_elements_text(pool.kinds) AS kind
           WHERE t.identifier = kind)
         ORDER BY j.priority, j.run_at LIMIT 1
       ) first ORDER BY first.run_at LIMIT 1
     ) oldest ON true ORDER BY pool.place`,
    [JSON.stringify(kindsOfPools)],
    'oldest-due',
  );
  return {
    at: rows[0]!.at,
    due: rows.map(({ id, dueMs }) => (id === null ? undefined : { id, dueMs })),
  };
}
