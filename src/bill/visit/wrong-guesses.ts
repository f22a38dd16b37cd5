import { LRUCache } from 'lru-cache';
/** How often somebody may be wrong. */
export interface GuessBounds {
  readonly max: number;
  /** After so long without another wrong guess all are forgotten. */
  readonly forgetMs: number;
}

/** More keys than are guessed at within minutes; the longest quiet ones are forgotten. */
const KEYS_MAX = 10_000;

/** Counts wrong guesses by key, in this process. */
export function createGuesses({ max, forgetMs }: GuessBounds, nowMs: () => number) {
  const wrong = new LRUCache<string, number>({ max: KEYS_MAX, ttl: forgetMs, ttlResolution: 0, perf: { now: nowMs } });
  const timesOf = (key: string): number => wrong.get(key) ?? 0;
  return {
    /** Whether another guess would be one too many. */
    isOver: (key: string): boolean => timesOf(key) >= max,
    wasWrong(key: string): void {
      wrong.set(key, timesOf(key) + 1);
    },
  };
}
