import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { type Queryable, withoutWaitingForDisk } from '../db/pool.ts';
import { announcePresence, PRESENCE_BOUNDS, type Presence, type PresenceBounds } from './presence.ts';

/**
 * Work of one kind. It may run more than once and out of order, so it must come to the same end.
 * @returns for a payload that is a list it may be a list of settled results, one for each entry: only the entries that
 *   failed are tried again
 */
export type JobHandler = (payload: unknown) => Promise<unknown>;

/** A kind of work that the clock starts. */
export interface ScheduledJob {
  readonly kind: string;
  /** A cron line in UTC. */
  readonly pattern: string;
  /** How far back runs that were missed are made up for, such as `2h`; those that have not begun yet become one. */
  readonly backfill: string;
  readonly handle: () => Promise<void>;
}

export interface JobLog {
  info(details: object): void;
  warn(details: object): void;
  error(details: object): void;
  debug(details: object): void;
}

export interface JobRunner {
  /** Lets the jobs under way finish, takes no new ones. */
  stop(): Promise<void>;
}

/** Kinds of work that share workers. What may hang belongs in a lane of its own, so that nothing else waits for it. */
export interface JobLane {
  readonly handlers: Readonly<Record<string, JobHandler>>;
  readonly scheduled?: readonly ScheduledJob[];
  /** Jobs at once. */
  readonly concurrency: number;
}

/**
 * Tries of one job before it is a dead letter. With the pauses of `retry_pause` twelve take about twenty minutes:
 * fewer would bury work during a restart of Postgres, more would hide a fault from people.
 */
export const ATTEMPTS_MAX = 12;

/** Work for the channel. */
export interface NewJob {
  readonly kind: string;
  readonly payload: unknown;
  readonly attemptsMax?: number;
  /** Unset: now. */
  readonly runAt?: Date;
  /** There is one waiting job of a key: this one takes its place. */
  readonly key?: string;
}

/** Puts work on the channel: it exists if and only if the transaction commits. */
export async function addJobs(tx: Queryable, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.query(
    `SELECT FROM graphile_worker.add_jobs(ARRAY(
       SELECT (kind, payload, NULL, "runAt", "attemptsMax", key, NULL, NULL)::graphile_worker.job_spec
       FROM json_to_recordset($1::json) AS j (kind text, payload json, "runAt" timestamptz, "attemptsMax" int, key text)))`,
    [JSON.stringify(jobs.map((job) => ({ attemptsMax: ATTEMPTS_MAX, ...job })))],
    'add-jobs',
  );
}

/** New work and what fell due are told of; this is for a notification that was lost with its connection. */
const POLL_MS = 60_000;

/** Jobs that end within this are taken off the channel by one statement; a process killed meanwhile does them again. */
const COMPLETE_WITHIN_MS = 20;

/** What the library warns of when a lane has more jobs than connections; ours wait for receivers, not for Postgres. */
const POOL_IS_SMALL = 'maxPoolSize';

/** Works the channel off until stopped; told of new work by the database, not by asking. */
export async function startJobRunner(
  url: string,
  lanes: readonly JobLane[],
  log: JobLog,
  presenceBounds: PresenceBounds = PRESENCE_BOUNDS,
): Promise<JobRunner> {
  const presence = await announcePresence(url, log, presenceBounds);
  const lanesKept: JobRunner[] = [];
  const stop = async () => {
    await Promise.all(lanesKept.map((lane) => lane.stop()));
    await presence.leave();
  };
  try {
    for (const lane of lanes) lanesKept.push(await keepLane(url, lane, presence, log));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

const LANE_AGAIN_MS = 1_000;

/**
 * Keeps a lane going until it is stopped: the library ends one for good when a single statement about a job fails, as in
 * a restart of Postgres. The jobs that it held are then swept like those of a process that died.
 */
async function keepLane(url: string, lane: JobLane, presence: Presence, log: JobLog): Promise<JobRunner> {
  let pool: string | undefined;
  const join = (worker: string) => {
    pool = worker;
    presence.join(worker);
  };
  const part = () => {
    if (pool) presence.part(pool);
    pool = undefined;
  };
  let runner = await startLane(url, lane, join, log);
  let stopping = false;
  const beginAgain = async (): Promise<boolean> => {
    try {
      runner = await startLane(url, lane, join, log);
      return true;
    } catch {
      part();
      return false;
    }
  };
  const stopRunner = () => runner.stop().catch(() => {});
  const kept = (async () => {
    for (;;) {
      await runner.promise.catch(() => {});
      part();
      if (stopping) return;
      log.warn({ message: 'A lane of the channel ended; it begins again.' });
      do await delay(LANE_AGAIN_MS);
      while (!stopping && !(await beginAgain()));
      if (stopping) await stopRunner();
    }
  })();
  return {
    async stop() {
      stopping = true;
      await stopRunner();
      await kept;
    },
  };
}

function startLane(url: string, lane: JobLane, join: (worker: string) => void, log: JobLog) {
  const scheduled = lane.scheduled ?? [];
  const taskList: TaskList = {};
  for (const [kind, handle] of Object.entries(lane.handlers)) {
    taskList[kind] = async (payload) => {
      const outcomes = await handle(payload);
      if (!Array.isArray(outcomes)) return;
      // The library wants promises: one that failed is thrown again by its own entry.
      return (outcomes as PromiseSettledResult<unknown>[]).map((outcome) =>
        outcome.status === 'rejected' ? Promise.reject(outcome.reason) : outcome.value,
      );
    };
  }
  for (const job of scheduled) taskList[job.kind] = () => job.handle();
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => join(workerPool.id));
  return run({
    // That a job was begun or ended need not be on the disk at once: what a crash of the database forgets of it is done again.
    connectionString: withoutWaitingForDisk(url),
    maxPoolSize: Math.min(lane.concurrency, 4) + 2,
    concurrency: lane.concurrency,
    pollInterval: POLL_MS,
    preset: {
      // One question for all workers of the lane rather than one each. Without the library's refetch delay: a job that
      // is added during it is not seen before the next poll.
      worker: {
        localQueue: { size: lane.concurrency },
        completeJobBatchDelay: COMPLETE_WITHIN_MS,
        // Without it a failure that cannot be written down is a rejection that nobody handles, and ends the process.
        failJobBatchDelay: COMPLETE_WITHIN_MS,
      },
    },
    noHandleSignals: true,
    taskList,
    events,
    crontab: scheduled
      .map(({ kind, pattern, backfill }) => `${pattern} ${kind} ?fill=${backfill}&jobKey=${kind}&max=${ATTEMPTS_MAX}`)
      .join('\n'),
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.warn({ message });
      else if (level === 'warning' && !message.includes(POOL_IS_SMALL)) log.warn({ message });
      else log.debug({ message });
    }),
  });
}
