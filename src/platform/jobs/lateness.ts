import type { Queryable } from '../db/pool.ts';
import { readDueMs } from './queue.ts';

/** Jobs of crowds have places of their own in worker pools, so either of the two may be late without the other. */
export type Lane = 'crowds' | 'others';

type ByLane<T> = Readonly<Record<Lane, T>>;

export interface LatenessBounds {
  /** How often the job queue is looked at, in milliseconds. */
  readonly lookEveryMs: number;
  /** Jobs that have been due for so long, at two looks one after the other, are late. */
  readonly lateMs: number;
  /** Late jobs are so until none has been due for longer than this. */
  readonly caughtUpMs: number;
  /** For so long an answer counts when no later one comes; then nobody knows, and nothing is late. */
  readonly forgetMs: number;
}

/** Whether jobs of some kinds are done in time, as far as one process knows. */
export interface Lateness {
  /** Costs nothing. */
  isLate(lane: Lane): boolean;
  /** For how long the oldest job of each has been due that nobody works on, at the last look, in milliseconds. */
  dueMs(): ByLane<number>;
}

export const LANES = ['crowds', 'others'] as const;

/** Decides, of what is heard of the job queue. @param nowMs milliseconds that only go forward */
export function createLateness(
  bounds: Omit<LatenessBounds, 'lookEveryMs'>,
  nowMs: () => number = () => performance.now(),
): Lateness & { heard(dueMs: ByLane<number>): void } {
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let last: ByLane<number> = { crowds: 0, others: 0 };
  const late = new Set<Lane>();
  const isForgotten = (): boolean => nowMs() - heardAtMs > bounds.forgetMs;
  return {
    heard(dueMs) {
      for (const lane of LANES) {
        // Jobs of a worker that died are old when they are found, and are taken at once: one look says nothing.
        const wasOld = !isForgotten() && last[lane] >= bounds.lateMs;
        if (dueMs[lane] <= bounds.caughtUpMs) late.delete(lane);
        else if (wasOld && dueMs[lane] >= bounds.lateMs) late.add(lane);
        else if (isForgotten()) late.delete(lane);
      }
      last = dueMs;
      heardAtMs = nowMs();
    },
    isLate: (lane) => late.has(lane) && !isForgotten(),
    dueMs: () => (isForgotten() ? { crowds: 0, others: 0 } : last),
  };
}

/**
 * Looks at the job queue now and then: one statement of two looks into an index, however many jobs there are. Nothing in it throws.
 * @param kinds of jobs that somebody waits for
 */
export function watchLateness(
  db: Queryable,
  kinds: readonly string[],
  bounds: LatenessBounds,
  log: { warn(details: object): void; info(details: object): void },
): Lateness & { close(): void } {
  const lateness = createLateness(bounds);
  let isLooking = false;
  const told = new Set<Lane>();

  function tell(): void {
    for (const lane of LANES) {
      const isLate = lateness.isLate(lane);
      if (isLate === told.has(lane)) continue;
      const details = { of: lane, dueS: Math.round(lateness.dueMs()[lane] / 1_000) };
      if (isLate) {
        told.add(lane);
        log.warn({ message: 'Tickets are late: new orders are refused until they are not.', ...details });
      } else {
        told.delete(lane);
        log.info({ message: 'Tickets are in time again: orders are taken.', ...details });
      }
    }
  }

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      lateness.heard(await readDueMs(db, kinds));
    } catch {
      // Whoever cannot be asked has told nothing: what was heard last counts for a while.
    }
    isLooking = false;
    tell();
  }

  const timer = setInterval(() => void look(), bounds.lookEveryMs).unref();
  void look();
  return { ...lateness, close: () => clearInterval(timer) };
}

/** Where nothing is put into the job queue. */
export const NEVER_LATE: Lateness = { isLate: () => false, dueMs: () => ({ crowds: 0, others: 0 }) };
