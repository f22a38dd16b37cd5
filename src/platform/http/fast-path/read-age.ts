import { performance } from 'node:perf_hooks';

/** How old what is read from a connection can be; see {@link createReadAge}. */
export interface ReadAge {
  /** Milliseconds since what is read in this moment may have arrived. Call it at each read. */
  ageMs(nowMs: number): number;
  /** How often the loop was found to have slept. */
  readonly sleeps: number;
  /** How much was read in this turn so far and in the one before it. */
  readonly reads: number;
  /** How often a turn was so full that what had become ready meanwhile was read in it too; each time counts as a turn of its own. */
  readonly batches: number;
  /** Call it every few dozen milliseconds: what is busy between reads is told apart from what was busy long ago. */
  tick(): void;
}

export interface ReadAgeOptions {
  readonly now: () => number;
  /** What `performance.nodeTiming.idleTime` says: how long the loop has slept so far, in milliseconds. */
  readonly idleMs?: () => number;
  /** Calls back when all that is ready in this turn has been read. */
  readonly atTurnEnd?: (end: () => void) => void;
  /** Told at the end of each turn in which something was read how long it was; 0 when the loop had slept before it. */
  readonly onTurn?: (tookMs: number, nowMs: number, reads: number) => void;
}

/**
 * libuv takes so many ready connections at once, and when there were as many it takes more before the turn ends, up to 48 times (1.52,
 * `uv__io_poll`). In a flood a turn then has a dozen thousand reads and takes a second, in which nobody waited for more than a batch or two.
 */
const BATCH_READS = 1_024;

/**
 * How long a request lay unread. The kernel keeps no time of arrival, but it hands out ready connections in the order in which
 * they became ready, all of them once a turn of the event loop or once a full batch: so what is read now came about as long ago as
 * that took. A loop that slept since had nothing unread when it fell asleep.
 */
export function createReadAge({
  now,
  idleMs = () => performance.nodeTiming.idleTime,
  atTurnEnd = setImmediate,
  onTurn,
}: ReadAgeOptions): ReadAge {
  let turnFromMs = now();
  let idleAtStartMs = idleMs();
  let lastTurnMs = 0;
  let hadSlept = false;
  let isOpen = false;
  let isEndDue = false;
  /** How long the batch before this one took, when it was full; 0 when it was not. */
  let fullBeforeMs = 0;
  let batches = 0;
  let sleeps = 0;
  let reads = 0;
  let readsBefore = 0;

  /** @returns false when the loop has not slept since */
  function beginAnew(nowMs: number): boolean {
    const sleptMs = idleMs() - idleAtStartMs;
    if (sleptMs <= 0) return false;
    // Whatever woke it may have kept it busy since.
    lastTurnMs = Math.max(0, nowMs - turnFromMs - sleptMs);
    turnFromMs = nowMs;
    sleeps += 1;
    idleAtStartMs += sleptMs;
    return true;
  }

  function end(nowMs: number, isFull: boolean): void {
    if (!isOpen) return;
    const ownMs = nowMs - turnFromMs;
    // What lies unread behind a full batch waits for that one and for its own.
    lastTurnMs = fullBeforeMs + ownMs;
    fullBeforeMs = isFull ? ownMs : 0;
    turnFromMs = nowMs;
    idleAtStartMs = idleMs();
    isOpen = false;
    onTurn?.(hadSlept ? 0 : lastTurnMs, nowMs, reads);
    readsBefore = reads;
    reads = 0;
  }

  return {
    get sleeps() {
      return sleeps;
    },
    get batches() {
      return batches;
    },
    get reads() {
      return readsBefore + reads;
    },
    ageMs(nowMs) {
      if (reads === BATCH_READS) {
        end(nowMs, true);
        batches += 1;
      }
      reads += 1;
      if (!isOpen) {
        isOpen = true;
        hadSlept = beginAnew(nowMs);
      }
      if (!isEndDue) {
        isEndDue = true;
        atTurnEnd(() => {
          isEndDue = false;
          end(now(), false);
        });
      }
      return Math.max(lastTurnMs, fullBeforeMs + nowMs - turnFromMs);
    },
    tick() {
      if (!isOpen) beginAnew(now());
    },
  };
}
