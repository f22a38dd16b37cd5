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

/** The last rebalance; undefined when there was none. */
export async function readRebalance(db: Queryable): Promise<Rebalance | undefined> {
  const { rows } = await db.query<Rebalance>(
    `SELECT j.job_id AS id, j.state::text, count(t.*)::int AS tasks, count(t.*) FILTER (WHERE t.status = 'done')::int AS done,
       max(t.message) FILTER (WHERE t.status IN ('error', 'runnable', 'unscheduled') AND t.message <> '') AS trouble
     FROM pg_dist_background_job j LEFT JOIN pg_dist_background_task t ON t.job_id = j.job_id
     WHERE j.job_type = 'rebalance' AND j.job_id = (SELECT max(job_id) FROM pg_dist_background_job WHERE job_type = 'rebalance')
     GROUP BY j.job_id, j.state`,
  );
  return rows[0];
}

const OVER = new Set(['finished', 'failed', 'cancelled']);

/** Follows a rebalance to its end. @param told each step of it @throws Error when it did not come to a good end */
export async function followRebalance(
  db: Queryable,
  everyMs: number,
  told: (rebalance: Rebalance) => void,
): Promise<void> {
  let said = '';
  for (;;) {
    const now = await readRebalance(db);
    if (!now) return;
    const text = `${now.state} ${now.done}`;
    if (text !== said) told(now);
    said = text;
    if (now.state === 'finished') return;
    if (OVER.has(now.state))
      throw new Error(`Rebalance ${now.id} is ${now.state}: ${now.trouble ?? 'Citus gives no reason'}.`);
    await pause(everyMs);
  }
}
