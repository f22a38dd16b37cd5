import type { OpsJobs } from '../../contract/index.ts';
import type { Queryable } from '../db/pool.ts';

export interface JobDepthBounds {
  /** Who asks again within this gets the same answer, in milliseconds. */
  readonly keptMs: number;
  /** More jobs are not looked at. */
  readonly lookedMax: number;
}

interface JobCounts extends OpsJobs {
  /** The version of the database that was asked. */
  readonly postgres: string;
}

/** How many jobs of each kind there are. */
export interface JobDepth {
  /** @throws the database's error */
  read(): Promise<JobCounts>;
  /** The last answer, however old; undefined when the last question got none. */
  last(): JobCounts | undefined;
}

/** One statement for all who ask at about the same time. */
export function createJobDepth(db: Queryable, { keptMs, lookedMax }: JobDepthBounds): JobDepth {
  let known: JobCounts | undefined;
  let atMs = Number.NEGATIVE_INFINITY;
  let underway: Promise<JobCounts> | undefined;

  async function ask(): Promise<JobCounts> {
    try {
      known = await countJobs(db, lookedMax);
      atMs = performance.now();
      return known;
    } catch (error) {
      known = undefined;
      throw error;
    } finally {
      underway = undefined;
    }
  }

  return {
    last: () => known,
    async read() {
      if (known && performance.now() - atMs < keptMs) return known;
      underway ??= ask();
      return underway;
    },
  };
}

async function countJobs(db: Queryable, lookedMax: number): Promise<JobCounts> {
  const { rows } = await db.query<OpsJobs['kinds'][number] & { postgres: string; looked: number }>(
    `WITH looked AS MATERIALIZED (
       SELECT j.task_id, j.is_available, j.run_at, j.locked_at, j.attempts >= j.max_attempts AS is_spent
       FROM graphile_worker._private_jobs j LIMIT $1 + 1
     )
     SELECT t.identifier AS kind,
       count(*) FILTER (WHERE l.is_available AND l.run_at <= now())::int AS waiting,
       count(*) FILTER (WHERE l.locked_at IS NOT NULL)::int AS running,
       count(*) FILTER (WHERE l.is_available AND l.run_at > now())::int AS later,
       count(*) FILTER (WHERE l.is_spent AND l.locked_at IS NULL)::int AS dead,
       coalesce(extract(epoch FROM now() - min(l.run_at) FILTER (WHERE l.is_available AND l.run_at <= now())), 0)::float AS "oldestS",
       current_setting('server_version') AS postgres, (SELECT count(*)::int FROM looked) AS looked
     FROM looked l RIGHT JOIN graphile_worker._private_tasks t ON t.id = l.task_id
     GROUP BY t.identifier ORDER BY waiting DESC, t.identifier`,
    [lookedMax],
    'job-depth',
  );
  return {
    // Kinds that have no job are still kinds, so there is a row wherever jobs were ever worked on.
    isMore: (rows[0]?.looked ?? 0) > lookedMax,
    postgres: rows[0]?.postgres ?? '',
    kinds: rows.map(({ kind, waiting, running, later, dead, oldestS }) => ({
      kind,
      waiting,
      running,
      later,
      dead,
      oldestS: Number(oldestS.toFixed(1)),
    })),
  };
}
