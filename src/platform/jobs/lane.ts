import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, type Runner, run, type TaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import pg from 'pg';
import { withoutWaitingForDisk } from '../db/pool.ts';
import { ATTEMPTS_MAX, type JobLane, type JobLog, type JobRunner } from './jobs.ts';
import type { Presence } from './presence.ts';

/** Pause before a lane that ended begins again. */
const AGAIN_MS = 1_000;

/**
 * Keeps a lane going until it is stopped: the library ends one for good when a single statement about a job fails, as in
 * a restart of Postgres. The jobs that it held are then swept like those of a process that died.
 * @throws the database's error when it cannot be begun at all
 */
export async function keepLane(url: string, lane: JobLane, presence: Presence, log: JobLog): Promise<JobRunner> {
  let running = await startLane(url, lane, presence, log);
  let stopping = false;
  const beginAgain = async (): Promise<boolean> => {
    try {
      running = await startLane(url, lane, presence, log);
      return true;
    } catch {
      return false;
    }
  };
  const kept = (async () => {
    for (;;) {
      await running.ended;
      if (stopping) return;
      log.warn({ message: 'A lane of the channel ended; it begins again.' });
      do await delay(AGAIN_MS);
      while (!stopping && !(await beginAgain()));
      if (stopping) running.stop();
    }
  })();
  return {
    async stop() {
      stopping = true;
      running.stop();
      await kept;
    },
  };
}

/** One life of a lane. */
interface RunningLane {
  /** Its jobs are done, or given up, and its connections are closed. Never rejects. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Told by the library when no worker of a lane works any more. */
const WORKERS_STOPPED = [
  'pool:gracefulShutdown:complete',
  'pool:forcefulShutdown:complete',
  'pool:forcefulShutdown:error',
] as const;

/** After that, how long it may take to write down what became of the last jobs. */
const LAST_WORDS_MS = 2_000;

async function startLane(url: string, lane: JobLane, presence: Presence, log: JobLog): Promise<RunningLane> {
  const pool = openPool(url, lane, log);
  const events: WorkerEvents = new EventEmitter();
  let workers: WorkerPool | undefined;
  events.on('pool:create', ({ workerPool }) => {
    workers = workerPool;
    presence.join(workerPool);
  });
  const workersStopped = new Promise<void>((resolve) => {
    for (const event of WORKERS_STOPPED) events.on(event, () => resolve());
  });
  const close = async () => {
    if (workers) presence.part(workers);
    await pool.end();
  };

  let runner: Runner;
  try {
    runner = await run(optionsOf(lane, pool, events, log));
  } catch (error) {
    await close();
    throw error;
  }
  const stop = () => runner.stop().catch(() => {});
  const settled = runner.promise.catch(() => {});
  return {
    ended: (async () => {
      // Not only the library's own promise: after two statements about jobs failed, it never settles (0.18.0).
      await Promise.race([settled, workersStopped.then(() => Promise.race([settled, delay(LAST_WORDS_MS)]))]);
      await stop();
      await close();
    })(),
    stop: () => void stop(),
  };
}

/** New work and what fell due are told of; this is for what nobody told. */
const POLL_MS = 60_000;

/** Jobs that end within this are taken off the channel by one statement; a process killed meanwhile does them again. */
const WRITE_DOWN_WITHIN_MS = 20;

/** What the library warns of when a lane has more jobs than connections; ours wait for receivers, not for Postgres. */
const POOL_IS_SMALL = 'maxPoolSize';

function optionsOf(
  { handlers, scheduled = [], concurrency }: JobLane,
  pgPool: pg.Pool,
  events: WorkerEvents,
  log: JobLog,
) {
  const taskList: TaskList = {};
  for (const [kind, handle] of Object.entries(handlers)) {
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
  return {
    pgPool,
    concurrency,
    pollInterval: POLL_MS,
    preset: {
      // One question for all workers of the lane rather than one each. Without the library's refetch delay: a job that
      // is added during it is not seen before the next poll.
      worker: {
        localQueue: { size: concurrency },
        completeJobBatchDelay: WRITE_DOWN_WITHIN_MS,
        // Without it a failure that cannot be written down is a rejection that nobody handles, and ends the process.
        failJobBatchDelay: WRITE_DOWN_WITHIN_MS,
      },
    },
    noHandleSignals: true,
    taskList,
    events,
    crontab: scheduled
      .map(({ kind, pattern, backfill }) => `${pattern} ${kind} ?fill=${backfill}&jobKey=${kind}&max=${ATTEMPTS_MAX}`)
      .join('\n'),
    logger: new Logger(() => (level, message) => {
      if ((level === 'error' || level === 'warning') && !message.includes(POOL_IS_SMALL)) log.warn({ message });
      else log.debug({ message });
    }),
  };
}

/** A statement about jobs takes milliseconds; a database that says nothing for so long is gone, and its connection with it. */
const SILENCE_MS = 10_000;

/** Of the workers together; one more listens and one is for the clock. */
const CONNECTIONS_MAX = 4;

function openPool(url: string, { concurrency }: JobLane, log: JobLog): pg.Pool {
  const pool = new pg.Pool({
    // That a job was begun or ended need not be on the disk at once: what a crash of the database forgets of it is done again.
    connectionString: withoutWaitingForDisk(url),
    max: Math.min(concurrency, CONNECTIONS_MAX) + 2,
    connectionTimeoutMillis: SILENCE_MS,
    query_timeout: SILENCE_MS,
    // With it the driver closes a connection whose statement timed out.
    pipeline: true,
    keepAlive: true,
    application_name: 'matjip-jobs',
  } as pg.PoolConfig);
  const onError = (error: Error) =>
    log.debug({ message: 'A connection of the channel was lost.', reason: error.message });
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
