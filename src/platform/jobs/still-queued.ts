import type { Queryable } from '../db/pool.ts';

/**
 * Of jobs of one kind whose payload is a list of pairs: which of these are the second of a pair in some job, whether that waits, is under way or is a dead
 * letter. It reads all jobs of the kind.
 */
export async function stillQueued(db: Queryable, kind: string, seconds: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ second: string }>(
    `SELECT DISTINCT pair ->> 1 AS second FROM graphile_worker._private_jobs j
       CROSS JOIN LATERAL json_array_elements(CASE WHEN json_typeof(j.payload) = 'array' THEN j.payload ELSE '[]' END) AS pair
     WHERE j.task_id = (SELECT id FROM graphile_worker._private_tasks WHERE identifier = $1) AND pair ->> 1 = ANY($2::text[])`,
    [kind, seconds],
  );
  return new Set(rows.map(({ second }) => second));
}
