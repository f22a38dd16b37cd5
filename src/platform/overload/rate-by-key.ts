import { LRUCache } from 'lru-cache';
/** How often something happened lately, key by key. */
export interface RateByKey {
  /** @returns how many a second there are of this key lately, these included */
  count(key: string, times: number): number;
  /** How many a second there are of this key lately. */
  read(key: string): number;
}

/** Two thirds of what happened are forgotten after so long. */
const MEMORY_MS = 1_000;
/** More keys than are busy within a second; the longest quiet ones are forgotten. */
const KEYS_MAX = 10_000;

/** Sums that fade with time, exponentially: a number and a moment for each key, and no timer. */
export function createRateByKey(nowMs: () => number = () => performance.now()): RateByKey {
  const rates = new LRUCache<string, { sum: number; atMs: number }>({ max: KEYS_MAX });
  const sumOf = (key: string, now: number): number => {
    const known = rates.get(key);
    return known ? known.sum * Math.exp((known.atMs - now) / MEMORY_MS) : 0;
  };
  return {
    count(key, times) {
      const now = nowMs();
      const sum = times + sumOf(key, now);
      rates.set(key, { sum, atMs: now });
      return sum / (MEMORY_MS / 1_000);
    },
    read: (key) => sumOf(key, nowMs()) / (MEMORY_MS / 1_000),
  };
}
