import { setTimeout as pause } from 'node:timers/promises';
import type { Queryable } from '../pool.ts';

/** Spreading stores anew, as far as it is. */
export interface Rebalance {
  readonly id: number;
  /** Citus' own word: `scheduled`, `running`, `finished`, `failed`, `cancelled`, `cancelling` or `failing`. */
  readonly state: string;
  readonly done: number;
  readonly tasks: number;
  /** Why it failed, or is being tried again; null: nothing went wrong. */
  readonly trouble: string | null;
  /** Those that are under way; a move takes a part of all tables along. */
  readonly moves: readonly Move[];
  /** None of its moves is under way, and the coordinator has no background worker for them: in its first seconds, or as long as none is free. */
  readonly isStalled: boolean;
}

export interface Move {
  readonly from: string;
  readonly to: string;
  /** Citus' own words, such as `Setting Up`, `Copying Data`, `Catching Up` or `Completing`. */
  readonly phase: string;
  readonly copiedBytes: number;
  readonly bytes: number;
}

/**
 * Begins to spread stores over the machines anew, in the background of the coordinator: one part after another is copied while it is
 * written, and changes machines within a moment.
 * @returns undefined when everything is where it should be
 */
export async function startRebalance(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ id: number | null }>(
    // Never by stopping writers: a table without a key refuses instead.
    `SELECT citus_rebalance_start(shard_transfer_mode => 'auto') AS id`,
  );
  return rows[0]?.id ?? undefined;
}

const OVER: ReadonlySet<string> = new Set(['finished', 'failed', 'cancelled']);

/** The last rebalance; undefined when there was none. */
export async function readRebalance(db: Queryable): Promise<Rebalance | undefined> {
  const { rows } = await db.query<Omit<Rebalance, 'moves'>>(
    `SELECT j.job_id AS id, j.state::text, count(t.*)::int AS tasks, count(t.*) FILTER (WHERE t.status = 'done')::int AS done,
       max(t.message) FILTER (WHERE t.status IN ('error', 'runnable', 'unscheduled') AND t.message <> '') AS trouble,
       count(*) FILTER (WHERE t.status = 'runnable') > 0 AND count(*) FILTER (WHERE t.status = 'running') = 0
         AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = current_database()
           AND a.application_name = 'citus background task queue monitor') AS "isStalled"
     FROM pg_dist_background_job j LEFT JOIN pg_dist_background_task t ON t.job_id = j.job_id
     WHERE j.job_type = 'rebalance' AND j.job_id = (SELECT max(job_id) FROM pg_dist_background_job WHERE job_type = 'rebalance')
     GROUP BY j.job_id, j.state`,
  );
  const [job] = rows;
  return job && { ...job, moves: OVER.has(job.state) ? [] : await readMoves(db) };
}

async function readMoves(db: Queryable): Promise<Move[]> {
  const { rows } = await db.query<Move>(
    `SELECT sourcename || ':' || sourceport AS "from", targetname || ':' || targetport AS "to", min(status) AS phase,
       sum(least(target_shard_size, source_shard_size))::float8 AS "copiedBytes", sum(source_shard_size)::float8 AS bytes
     FROM get_rebalance_progress() WHERE progress = 1 GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  return rows;
}

/** Citus looks every few seconds whether there is something to do. */
const STALLED_LOOKS = 15;

/** Follows a rebalance to its end. @param told each step of it @throws Error when it did not come to a good end */
export async function followRebalance(
  db: Queryable,
  everyMs: number,
  told: (rebalance: Rebalance) => void,
): Promise<void> {
  let said = '';
  let stalledLooks = 0;
  for (;;) {
    const now = await readRebalance(db);
    if (!now) return;
    stalledLooks = now.isStalled ? stalledLooks + 1 : 0;
    const isStalled = stalledLooks > STALLED_LOOKS;
    const text = `${now.state} ${now.done} ${isStalled}`;
    if (text !== said) told({ ...now, isStalled });
    said = text;
    if (now.state === 'finished') return;
    if (OVER.has(now.state))
      throw new Error(`Rebalance ${now.id} is ${now.state}: ${now.trouble ?? 'Citus gives no reason'}.`);
    await pause(everyMs);
  }
}
