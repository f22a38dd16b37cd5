/** Time that some kind of work may take of the event loop. */
export interface TimeBudget {
  /** @param share of the time, from 0 to 1, that the work may take */
  isSpent(nowMs: number, share: number): boolean;
  spend(tookMs: number): void;
}

/** Time that may be saved for a burst, and owed after one, in milliseconds. */
const SAVED_MAX_MS = 50;
const OWED_MAX_MS = 200;

/** A token bucket whose tokens are milliseconds, so that it needs to know nothing of how fast the machine is. */
export function createTimeBudget(): TimeBudget {
  let leftMs = SAVED_MAX_MS;
  let atMs = 0;
  return {
    isSpent(nowMs, share) {
      leftMs = Math.min(SAVED_MAX_MS, leftMs + (nowMs - atMs) * share);
      atMs = nowMs;
      return leftMs <= 0;
    },
    spend(tookMs) {
      leftMs = Math.max(-OWED_MAX_MS, leftMs - tookMs);
    },
  };
}
