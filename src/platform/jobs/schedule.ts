import { parseCrontab } from 'graphile-worker';
import type { Queryable } from '../db/pool.ts';
import { ATTEMPTS_MAX, type ScheduledJob } from './jobs.ts';

const MINUTE_MS = 60_000;

/** No pattern of ours is rarer than once a week. */
const LOOK_AHEAD_MINUTES = 8 * 24 * 60;

const lineOf = ({ kind, pattern, backfill }: ScheduledJob): string => `${pattern} ${kind} ?fill=${backfill}`;

function digestOf(ms: number) {
  const at = new Date(ms);
  return {
    min: at.getUTCMinutes(),
    hour: at.getUTCHours(),
    date: at.getUTCDate(),
    month: at.getUTCMonth() + 1,
    dow: at.getUTCDay(),
  };
}

/** The first minute after `nowMs` in which the clock starts this job; undefined: not within a week. */
export function nextDue(job: ScheduledJob, nowMs: number): number | undefined {
  const [item] = parseCrontab(lineOf(job));
  const firstMs = nowMs - (nowMs % MINUTE_MS) + MINUTE_MS;
  for (let minute = 0; minute < LOOK_AHEAD_MINUTES; minute += 1) {
    const ms = firstMs + minute * MINUTE_MS;
    if (item!.match(digestOf(ms))) return ms;
  }
  return undefined;
}

/** Puts into the job queue what the clock starts. */
export interface Schedule {
  /** @param nowMs the database's clock: the times of all processes are compared with one another */
  addDue(db: Queryable, nowMs: number): Promise<void>;
}

/**
 * The patterns are the library's; the clock is the database's, which the library's own scheduler does not offer: a process
 * whose clock is a day ahead would put its jobs a day into the future.
 */
export function createSchedule(jobs: readonly ScheduledJob[]): Schedule {
  const items = parseCrontab(jobs.map(lineOf).join('\n'));
  let doneMs = Number.NaN;

  /** The last minute of `item` after `sinceMs`, or undefined. */
  function lastDue(item: (typeof items)[number], sinceMs: number, nowMs: number): number | undefined {
    const fromMs = Math.max(sinceMs, nowMs - Math.max(item.options.backfillPeriod, MINUTE_MS));
    for (let ms = nowMs - (nowMs % MINUTE_MS); ms > fromMs; ms -= MINUTE_MS) {
      if (item.match(digestOf(ms))) return ms;
    }
    return undefined;
  }

  return {
    async addDue(db, nowMs) {
      const minuteMs = nowMs - (nowMs % MINUTE_MS);
      if (items.length === 0 || minuteMs === doneMs) return;
      const since = await lastRuns(
        db,
        items.map(({ task }) => task),
      );
      const due = items.flatMap((item) => {
        const ms = lastDue(item, since.get(item.task)!, nowMs);
        return ms === undefined ? [] : [{ kind: item.task, at: new Date(ms) }];
      });
      if (due.length > 0) await addRuns(db, due);
      doneMs = minuteMs;
    },
  };
}

/** When each kind was last started, or became known. One that says the future was started by a clock that was set back since. */
async function lastRuns(db: Queryable, kinds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ kind: string; since: Date }>(
    `WITH known AS (
       INSERT INTO graphile_worker._private_known_crontabs AS k (identifier, known_since)
       SELECT kind, now() FROM unnest($1::text[]) AS kind
       ON CONFLICT (identifier) DO UPDATE SET last_execution = now() WHERE k.last_execution > now() + interval '1 minute'
     )
     SELECT kind, least(coalesce(k.last_execution, k.known_since, now()), now()) AS since
     FROM unnest($1::text[]) AS kind LEFT JOIN graphile_worker._private_known_crontabs k ON k.identifier = kind`,
    [kinds],
    'last-runs',
  );
  return new Map(rows.map(({ kind, since }) => [kind, since.getTime()]));
}

/** Each run once, however many processes see that it is due; one that has not begun yet takes the next one in. */
async function addRuns(db: Queryable, due: readonly { kind: string; at: Date }[]): Promise<void> {
  await db.query(
    `WITH run AS (
       SELECT * FROM json_to_recordset($1::json) AS r (kind text, at timestamptz)
     ), won AS (
       UPDATE graphile_worker._private_known_crontabs k SET last_execution = run.at
       FROM run WHERE k.identifier = run.kind AND (k.last_execution IS NULL OR k.last_execution < run.at)
       RETURNING k.identifier
     )
     SELECT graphile_worker.add_job(identifier, max_attempts => ${ATTEMPTS_MAX}, job_key => identifier) FROM won`,
    [JSON.stringify(due)],
    'add-runs',
  );
}
