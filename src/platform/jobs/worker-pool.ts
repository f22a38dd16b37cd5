import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createAlarm } from './alarm.ts';
import type { JobLog, WorkerPool } from './jobs.ts';
import { createLookTimes } from './look-times.ts';
import { announceWorker, failJobs, finishJobs, giveBack, nameKinds, type TakenJob, takeJobs } from './queue.ts';
import { type Outcome, runJob } from './run-job.ts';
import { openSession, type Session, type SessionBounds } from './session.ts';

export interface PoolBounds extends SessionBounds {
  /** How often each pool looks for jobs that nobody told it of, and says that it lives; well below `idleMs`. */
  readonly pollMs: number;
  /** Jobs that end within this are written down by one statement; a process killed meanwhile does them again. */
  readonly writeWithinMs: number;
  /** Of a pool's places, those that jobs of crowds may have. */
  readonly crowdShare: number;
  /** The pause before a lost session is followed by the next; it doubles from the first to the second. */
  readonly reconnectMs: readonly [number, number];
  /** How long a stop waits for the jobs under way, and for the last of them to be written down. */
  readonly stopMs: number;
}

/** One life of a worker pool. */
export interface RunningPool {
  readonly kinds: readonly string[];
  readonly running: number;
  /** `performance.now()` of the last look for jobs that was answered. */
  readonly lookedAtMs: number;
  /** The same of its last step of any kind: while the database is away it goes on trying. */
  readonly steppedAtMs: number;
  /** Lets jobs under way finish, within the bound. */
  stop(): Promise<void>;
  /** Ends it now, whatever hangs in it: what it held is free as soon as its session has ended. */
  abandon(): void;
}

/** Told by `add_jobs`. */
const NEW_JOBS = 'jobs:insert';

/**
 * Works the jobs of some kinds off. One session takes them, is told of new ones, writes down what became of them, and holds them:
 * whatever ends it (a crash of the database or of this process, a frozen machine, a statement that failed) also frees them,
 * and they run again. Nothing here throws or rejects to its caller.
 */
export function startWorkerPool(url: string, pool: WorkerPool, bounds: PoolBounds, log: JobLog): RunningPool {
  const opened = pool.open();
  const { handlers } = opened;

  const alarm = createAlarm();
  const running = new Set<TakenJob>();
  /** What is still to be written down by the session under way. */
  let outcomes: Outcome[] = [];
  let worker = '';
  let session: Session | undefined;
  let stopAtMs = Number.POSITIVE_INFINITY;
  let abandoned = false;
  let moreAreDue = false;
  const times = createLookTimes(bounds.pollMs);
  let steppedAtMs = times.lookedAtMs;

  const crowdPlaces = Math.ceil(pool.concurrency * bounds.crowdShare);
  const stopping = () => stopAtMs < Number.POSITIVE_INFINITY;
  const isDone = () =>
    abandoned || (stopping() && ((running.size === 0 && outcomes.length === 0) || performance.now() > stopAtMs));

  /** Writes down what became of jobs. What cannot be written is let go with its session: those jobs run again. */
  async function writeDown(on: Session): Promise<void> {
    const written = outcomes;
    outcomes = [];
    const failed = written.flatMap(({ failure }) => failure ?? []);
    const finished = written.flatMap(({ job, failure }) => (failure ? [] : [job.id]));
    if (finished.length > 0) await finishJobs(on, worker, finished);
    if (failed.length === 0) return;
    for (const pauseMs of await failJobs(on, worker, failed)) {
      // Found again when its pause is over, and the long ones at a poll.
      if (pauseMs < bounds.pollMs) setTimeout(lookSoon, pauseMs).unref();
    }
  }

  function lookSoon(): void {
    times.soon();
    alarm.within(times.dueInMs());
  }

  async function look(on: Session, kinds: ReadonlyMap<number, string>): Promise<void> {
    times.began();
    // With no place free it takes none, and still says that it lives.
    const limit = stopping() ? 0 : Math.max(0, pool.concurrency - running.size);
    const crowdLimit = Math.max(0, crowdPlaces - ofCrowd(running));
    const jobs = await takeJobs(on, worker, kinds, { limit, crowdLimit });
    times.ended();
    moreAreDue = jobs.length === limit || ofCrowd(jobs) === crowdLimit;
    for (const job of jobs) void run(job, on);
  }

  async function run(job: TakenJob, takenBy: Session): Promise<void> {
    running.add(job);
    const outcome = await runJob(job, handlers[job.kind]!);
    running.delete(job);
    const { failure } = outcome;
    if (failure) {
      log.warn({ message: 'A job failed.', kind: job.kind, attempt: job.attempts, reason: failure.message });
    }
    // By another session nobody knows whether the database has crashed meanwhile, and with it forgotten what the job did, because
    // jobs do not wait for the disk. So it runs again.
    if (session === takenBy) outcomes.push(outcome);
    alarm.within(moreAreDue || stopping() ? 0 : bounds.writeWithinMs);
  }

  async function workOneSession(onWorking: () => void): Promise<void> {
    const on = await openSession(url, NEW_JOBS, bounds, lookSoon);
    session = on;
    outcomes = [];
    let isFirst = true;
    try {
      const former = worker;
      worker = `${pool.name} ${randomUUID()}`;
      await announceWorker(on, worker);
      await giveBack(on, former);
      const kinds = await nameKinds(on, Object.keys(handlers));
      while (!isDone()) {
        await writeDown(on);
        if (isFirst || moreAreDue || stopping() || times.dueInMs() === 0) await look(on, kinds);
        isFirst = false;
        onWorking();
        steppedAtMs = performance.now();
        alarm.within(times.dueInMs());
        if (!isDone()) await alarm.sleep();
      }
    } finally {
      session = undefined;
      outcomes = [];
      on.close();
    }
  }

  async function work(): Promise<void> {
    const [pauseMinMs, pauseMaxMs] = bounds.reconnectMs;
    let pauseMs = pauseMinMs;
    let isAway = false;
    while (!isDone()) {
      try {
        await workOneSession(() => {
          if (isAway) log.info({ message: 'A worker pool goes on.', pool: pool.name });
          isAway = false;
          pauseMs = pauseMinMs;
        });
      } catch (error) {
        if (abandoned) return;
        if (!isAway) {
          const reason = (error as Error).message;
          log.warn({
            message: 'A worker pool lost its session; it tries again until it has one.',
            pool: pool.name,
            reason,
          });
        }
        isAway = true;
        steppedAtMs = performance.now();
        if (isDone()) return;
        // Spread, so that fifty processes do not come back in the same moment.
        await delay(pauseMs * (0.5 + Math.random() / 2));
        pauseMs = Math.min(pauseMs * 2, pauseMaxMs);
      }
    }
  }

  const ended = work();
  const close = () => opened.close().catch(() => {});
  return {
    kinds: Object.keys(handlers),
    get running() {
      return running.size;
    },
    get lookedAtMs() {
      return times.lookedAtMs;
    },
    get steppedAtMs() {
      return steppedAtMs;
    },
    async stop() {
      stopAtMs = performance.now() + bounds.stopMs;
      alarm.within(0);
      // Not only its end: what hangs in it must not hold up the process.
      await Promise.race([ended, delay(bounds.stopMs, undefined, { ref: false })]);
      abandoned = true;
      session?.close();
      // Closing waits for statements under way, and these have bounds of their own.
      await Promise.race([close(), delay(bounds.stopMs, undefined, { ref: false })]);
    },
    abandon() {
      abandoned = true;
      alarm.within(0);
      session?.close();
      void close();
    },
  };
}

function ofCrowd(jobs: Iterable<TakenJob>): number {
  let count = 0;
  for (const job of jobs) count += Number(job.ofCrowd);
  return count;
}
