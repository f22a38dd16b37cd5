import type { BatchRunView } from '../../contract/index.ts';
import type { Queryable } from '../db/pool.ts';

export type BatchRun = Omit<BatchRunView, 'startedAt'> & { readonly startedAt: Date };

/** Kept of each kind: most of an hour of what runs each minute, and two days of what runs each hour. */
const RUNS_KEPT = 50;

/** A reason that fills a screen helps nobody. */
const TEXT_LENGTH_MAX = 2_000;

/** Writes down that a run of this kind has begun, in the place of the oldest that is kept. @returns its number */
export async function beginRun(db: Queryable, kind: string): Promise<number> {
  const { rows } = await db.query<{ run: number }>(
    `WITH job AS (
       INSERT INTO batch_job AS j (kind, runs) VALUES ($1, 1) ON CONFLICT (kind) DO UPDATE SET runs = j.runs + 1 RETURNING runs
     )
     INSERT INTO batch_run (kind, place, run) SELECT $1, runs % ${RUNS_KEPT}, runs FROM job
     ON CONFLICT (kind, place) DO UPDATE SET run = excluded.run, started_at = excluded.started_at, ended_at = NULL,
       did = NULL, error = NULL, alert = NULL
     RETURNING run`,
    [kind],
    'begin-batch-run',
  );
  return rows[0]!.run;
}

export async function endRun(
  db: Queryable,
  kind: string,
  run: number,
  { did, error, alert }: { readonly did?: string; readonly error?: string; readonly alert?: string | undefined },
): Promise<void> {
  const text = (value: string | undefined) =>
    value === undefined ? null : value.replaceAll('\0', '').toWellFormed().slice(0, TEXT_LENGTH_MAX);
  await db.query(
    `UPDATE batch_run SET ended_at = clock_timestamp(), did = $3, error = $4, alert = $5 WHERE kind = $1 AND run = $2`,
    [kind, run, text(did), text(error), text(alert)],
    'end-batch-run',
  );
}

/** When the last run of a kind began that came to a good end; undefined: none of those that are kept did. */
export async function lastDone(db: Queryable, kind: string): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date | null }>(
    'SELECT max(started_at) AS at FROM batch_run WHERE kind = $1 AND ended_at IS NOT NULL AND error IS NULL',
    [kind],
    'last-done',
  );
  return rows[0]?.at ?? undefined;
}

/** The last runs by kind, the newest first. */
export async function listRuns(db: Queryable): Promise<Map<string, BatchRun[]>> {
  const { rows } = await db.query<BatchRun & { readonly kind: string }>(
    `SELECT r.kind, r.started_at AS "startedAt", r.did, r.error, r.alert,
       round(extract(epoch FROM r.ended_at - r.started_at) * 1000)::float8 AS "tookMs",
       CASE WHEN r.error IS NOT NULL THEN 'failed' WHEN r.ended_at IS NOT NULL THEN 'done'
         WHEN r.run < j.runs THEN 'lost' ELSE 'running' END AS outcome
     FROM batch_run r JOIN batch_job j USING (kind) ORDER BY r.kind, r.run DESC`,
    [],
    'batch-runs',
  );
  const byKind = new Map<string, BatchRun[]>();
  for (const { kind, ...run } of rows) byKind.set(kind, [...(byKind.get(kind) ?? []), run]);
  return byKind;
}
