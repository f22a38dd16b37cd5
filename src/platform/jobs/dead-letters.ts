import type { DeadJob } from '../../contract/index.ts';
import type { Queryable } from '../db/pool.ts';
import { ATTEMPTS_MAX } from './jobs.ts';

/*
 * A dead letter is a job that has used up its tries: the channel's own table keeps it, so there is no moment between
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
