import type { DeadJob } from '../../contract/index.ts';
import type { Queryable } from '../db/pool.ts';
import { ATTEMPTS_MAX } from './jobs.ts';

/*
 * A dead letter is a job that has used up its tries: the job queue's own table keeps it, so there is no moment between
 * "failed" and "filed" at which a kill could lose it, and a job that kills its worker every time ends up here too.
 */
const DEAD = 'j.attempts >= j.max_attempts AND j.locked_at IS NULL';
const KILLED = 'Its worker was killed while it ran, every time.';

/** Dead letters by id, from after `after`; one more than `limit`, so that the caller sees whether there is a next page. */
export async function listDead(db: Queryable, limit: number, after: string | null): Promise<DeadJob[]> {
  const { rows } = await db.query<{
    id: number;
    kind: string;
    payload: unknown;
    reason: string | null;
    attempts: number;
    created_at: Date;
    updated_at: Date;
  }>(
    `SELECT j.id, t.identifier AS kind, j.payload, j.last_error AS reason, j.attempts, j.created_at, j.updated_at
     FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE ${DEAD} AND ($2::bigint IS NULL OR j.id > $2) ORDER BY j.id LIMIT $1 + 1`,
    [limit, after],
  );
  return rows.map((row) => ({
    id: String(row.id),
    kind: row.kind,
    reason: row.reason ?? KILLED,
    attempts: row.attempts,
    payload: row.payload,
    createdAt: row.created_at.toISOString(),
    failedAt: row.updated_at.toISOString(),
  }));
}

/**
 * Takes a dead letter off the list because nobody is to do it any more. @returns what it was, for the log, which is all that is left of
 * it; undefined when there is no such dead letter
 */
export async function putDeadAway(db: Queryable, id: string): Promise<{ kind: string; payload: unknown } | undefined> {
  const { rows } = await db.query<{ kind: string; payload: unknown }>(
    `WITH dead AS MATERIALIZED (
       SELECT j.id, j.payload, t.identifier AS kind
       FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
       WHERE j.id = $1::bigint AND ${DEAD} FOR UPDATE OF j
     ), away AS (
       SELECT r.id FROM dead, graphile_worker.complete_jobs(ARRAY[dead.id]) r
     )
     SELECT dead.kind, dead.payload FROM dead JOIN away USING (id)`,
    [id],
  );
  return rows[0];
}

/** Gives a dead letter all its tries again, now. @returns false when there is no such dead letter */
export async function replayDead(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH dead AS MATERIALIZED (
       SELECT j.id FROM graphile_worker._private_jobs j WHERE j.id = $1::bigint AND ${DEAD} FOR UPDATE
     ), again AS (
       SELECT r.id FROM dead, graphile_worker.reschedule_jobs(ARRAY[dead.id], run_at => now(), attempts => 0, max_attempts => ${ATTEMPTS_MAX}) r
     )
     SELECT pg_notify('jobs:insert', '{"r":0,"count":1}') FROM again`,
    [id],
  );
  return rowCount === 1;
}
