import { LRUCache } from 'lru-cache';
import { Problem } from '../http/problem.ts';
import {
  type Cache,
  type CacheAnswer,
  type CacheCounts,
  type CacheSource,
  countedLoad,
  type Monotonic,
  type Versioned,
} from './cache.ts';
import type { Tier } from './tier.ts';

export interface TimedCacheOptions<T> {
  readonly source: CacheSource<T>;
  readonly counts: CacheCounts;
  readonly itemsMax: number;
  readonly now: Monotonic;
  /** How long a value is used after its load began. Infinity: for ever. */
  readonly lifetimeMs: number;
  /** False only to show what happens without it: every reader of an expired value loads for itself. */
  readonly singleFlight: boolean;
  readonly tier?: Tier<T> | undefined;
}

/**
 * `CACHE_REFRESH=expiry` and, with an endless lifetime, `never`: the textbook's cache. It asks nobody whether a value is
 * still right, so it is wrong for up to its lifetime; here to be measured against `event`.
 */
export function createTimedCache<T>(options: TimedCacheOptions<T>): Cache<T> {
  const { source, counts, now, lifetimeMs, singleFlight, tier } = options;
  const entries = new LRUCache<string, { readonly answer: CacheAnswer<T>; readonly fromMs: number }>({
    max: options.itemsMax,
  });
  const flights = new Map<string, Promise<T>>();

  async function load(key: string): Promise<T> {
    const startedMs = now();
    const fromSource = () => countedLoad(counts, now, () => source.load(key));
    const loaded: Versioned<T> & { readonly ageMs?: number } =
      tier && singleFlight ? await tier.read(key, lifetimeMs, fromSource) : await fromSource();
    // What the second tier had grew old there as well.
    entries.set(key, { answer: { value: loaded.value, outcome: 'hit' }, fromMs: startedMs - (loaded.ageMs ?? 0) });
    return loaded.value;
  }

  function loadOnce(key: string): Promise<T> {
    const flight = flights.get(key);
    if (flight && singleFlight) return flight;
    const started = load(key);
    flights.set(key, started);
    const done = () => void flights.delete(key);
    started.then(done, done);
    return started;
  }

  function peek(key: string): CacheAnswer<T> | undefined {
    const entry = entries.get(key);
    if (!entry || now() - entry.fromMs >= lifetimeMs) return undefined;
    counts.hit += 1;
    return entry.answer;
  }

  return {
    peek,
    async read(key) {
      const cached = peek(key);
      if (cached) return cached;
      try {
        const value = await loadOnce(key);
        counts.miss += 1;
        return { value, outcome: 'miss' };
      } catch (error) {
        const old = entries.get(key);
        if (old && !(error instanceof Problem)) {
          counts.stale += 1;
          return { value: old.answer.value, outcome: 'stale' };
        }
        counts.blank += 1;
        throw error;
      }
    },
    invalidate: () => {},
    invalidateAll: () => {},
    close: () => {},
  };
}
