import { type Db, openDb } from '../db/pool.ts';
import type { JobLog, JobRunner, WorkerPool } from './jobs.ts';
import { findOldestDue, freeJobs } from './queue.ts';
import { createSchedule } from './schedule.ts';
import { type PoolBounds, type RunningPool, startWorkerPool } from './worker-pool.ts';

export interface JobBounds {
  readonly pool: PoolBounds;
  /** How often the job queue is looked at: the jobs of a worker that died wait at most this. */
  readonly heartbeatMs: number;
  /** A pool that stands still begins again at most this often at first, and ever more seldom up to the second. */
  readonly restartMs: readonly [number, number];
  /** With a pool that has stood still for so many times its own bound, or begun again so often in vain, this process is not ready. */
  readonly notReadyTimes: number;
}

interface WatchedPool {
  readonly pool: WorkerPool;
  life: RunningPool;
  restarts: number;
  restartedAtMs: number;
  restartPauseMs: number;
  /** The job that has been the oldest untouched one since then, by this process's monotonic clock: no other is believed. */
  oldest: { readonly id: string; readonly sinceMs: number } | undefined;
  dueMs: number;
  /** How often it was begun again since all that was due was last worked on: 0 when all is well. */
  tries: number;
}

/**
 * Runs the jobs until stopped, and is its heartbeat: over a connection of its own it frees the jobs of workers that died,
 * puts into the job queue what the clock starts, looks for jobs that are due and that nobody works on, whatever the pools believe of
 * themselves, and begins a pool again that stands still. Nothing in it throws: while the database is away it tries again.
 */
export function startJobRunner(url: string, pools: readonly WorkerPool[], log: JobLog, bounds: JobBounds): JobRunner {
  const db = openDb({
    url,
    connectionsMax: 1,
    acquireTimeoutMs: bounds.pool.silenceMs,
    statementTimeoutMs: bounds.pool.silenceMs,
    waitsForDisk: false,
    applicationName: 'matjip-heartbeat',
  });
  const start = (pool: WorkerPool) => startWorkerPool(url, pool, bounds.pool, log);
  const watched: WatchedPool[] = pools.map((pool) => ({
    pool,
    life: start(pool),
    restarts: 0,
    restartedAtMs: Number.NEGATIVE_INFINITY,
    restartPauseMs: bounds.restartMs[0],
    oldest: undefined,
    dueMs: 0,
    tries: 0,
  }));

  function restart(each: WatchedPool, reason: string): void {
    if (performance.now() - each.restartedAtMs < each.restartPauseMs) return;
    if (each.tries === 0) {
      log.error({ message: 'A worker pool stands still; it begins again.', pool: each.pool.name, reason });
    } else {
      each.restartPauseMs = Math.min(each.restartPauseMs * 2, bounds.restartMs[1]);
    }
    each.tries += 1;
    each.restarts += 1;
    each.restartedAtMs = performance.now();
    each.life.abandon();
    each.life = start(each.pool);
  }

  function watch(each: WatchedPool): void {
    const reason = standstill(each, 1);
    if (reason) restart(each, reason);
    if (reason || each.tries === 0 || each.oldest) return;
    log.info({ message: 'A worker pool works again.', pool: each.pool.name });
    each.tries = 0;
    each.restartPauseMs = bounds.restartMs[0];
  }

  const look = createLook(db, watched, log);
  let stopped = false;
  let closed: Promise<void> | undefined;
  let wake: () => void = () => {};
  const beating = (async () => {
    while (!stopped) {
      await look();
      if (stopped) return;
      for (const each of watched) watch(each);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, bounds.heartbeatMs).unref();
      });
    }
  })();

  return {
    health: () =>
      watched.map((each) => {
        const inVain =
          each.tries >= bounds.notReadyTimes ? `it was begun again ${each.tries} times in vain` : undefined;
        const reason = inVain ?? standstill(each, bounds.notReadyTimes);
        return {
          pool: each.pool.name,
          running: each.life.running,
          lookedMs: performance.now() - each.life.lookedAtMs,
          dueMs: each.dueMs,
          restarts: each.restarts,
          problem: reason && `Jobs stand still (${each.pool.name}): ${reason}.`,
        };
      }),
    stop() {
      stopped = true;
      wake();
      closed ??= (async () => {
        await Promise.all(watched.map(({ life }) => life.stop()));
        await beating;
        await db.close();
      })();
      return closed;
    },
  };
}

/** One look at the job queue. It never rejects. */
function createLook(db: Db, watched: readonly WatchedPool[], log: JobLog): () => Promise<void> {
  const schedule = createSchedule(watched.flatMap(({ pool }) => pool.scheduled ?? []));
  const kinds = watched.map(({ life }) => life.kinds);
  let failed = false;
  return async () => {
    let due: Awaited<ReturnType<typeof findOldestDue>>['due'] = [];
    try {
      const { dead, found } = await db.transaction(async (tx) => ({
        dead: await freeJobs(tx),
        found: await findOldestDue(tx, kinds),
      }));
      if (dead.length > 0) log.warn({ message: 'Workers died; their jobs are free again.', workers: dead });
      due = found.due;
      await schedule.addDue(db, found.at.getTime());
      failed = false;
    } catch (error) {
      if (!failed) log.warn({ message: 'The job queue could not be looked at.', reason: (error as Error).message });
      failed = true;
    }
    // While the database is away nobody can say that a job was left untouched.
    for (const [index, each] of watched.entries()) {
      const oldest = due[index];
      each.dueMs = oldest?.dueMs ?? 0;
      if (oldest?.id !== each.oldest?.id) each.oldest = oldest && { id: oldest.id, sinceMs: performance.now() };
    }
  };
}

/** What has stood still for more than so many times the pool's bound, in words; undefined: nothing. */
function standstill({ pool, life, oldest }: WatchedPool, times: number): string | undefined {
  const nowMs = performance.now();
  const withinMs = pool.standstillMs * times;
  const untouchedMs = oldest ? nowMs - oldest.sinceMs : 0;
  if (untouchedMs > withinMs) return `job ${oldest!.id} has been due and untouched for ${seconds(untouchedMs)} s`;
  const stillMs = nowMs - life.steppedAtMs;
  return stillMs > withinMs ? `it has made no step for ${seconds(stillMs)} s` : undefined;
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(0);
