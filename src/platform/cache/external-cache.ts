import { LRUCache } from 'lru-cache';
import { Problem } from '../http/problem.ts';
import {
  type Cache,
  type CacheAnswer,
  type CacheCounts,
  type CacheSource,
  countedLoad,
  type Monotonic,
} from './cache.ts';
import type { Tier } from './tier.ts';

export interface ExternalCacheOptions<T> {
  readonly source: CacheSource<T>;
  readonly counts: CacheCounts;
  readonly itemsMax: number;
  readonly now: Monotonic;
  /** The refresher fills everything once in this time. */
  readonly periodMs: number;
  /** False: another process refreshes, into the tier that both share. */
  readonly refresher: boolean;
  readonly tier?: Tier<T> | undefined;
}

/** What the refresher has not renewed for so many periods is gone: one may be late, three are dead. */
const PERIODS_KEPT = 3;

/**
 * `CACHE_REFRESH=external`: a scheduled refresher fills ahead and readers never load. Fast however slow the source is,
 * wrong for up to a period, and blank when the refresher dies; here to be measured against `event`.
 */
export function createExternalCache<T>(options: ExternalCacheOptions<T>): Cache<T> {
  const { source, counts, now, periodMs, tier } = options;
  const entries = new LRUCache<string, { readonly answer: CacheAnswer<T>; readonly fromMs: number }>({
    max: options.itemsMax,
  });
  const lifetimeMs = periodMs * PERIODS_KEPT;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function put(key: string, value: T, fromMs: number): void {
    entries.set(key, { answer: { value, outcome: 'hit' }, fromMs });
  }

  async function fill(): Promise<void> {
    for (const key of (await source.keys?.()) ?? []) {
      if (closed) return;
      const fromMs = now();
      try {
        const loaded = await countedLoad(counts, now, () => source.load(key));
        put(key, loaded.value, fromMs);
        await tier?.store(key, lifetimeMs, loaded);
      } catch {
        // The old one stays until its time is over; the next round tries again.
      }
    }
  }

  function round(): void {
    const begunMs = now();
    fill()
      .catch(() => {})
      .finally(() => {
        if (!closed) timer = setTimeout(round, Math.max(0, periodMs - (now() - begunMs))).unref();
      });
  }
  if (options.refresher) round();

  function peek(key: string): CacheAnswer<T> | undefined {
    const entry = entries.get(key);
    // Where another process refreshes, the tier is looked at once a period.
    if (!entry || now() - entry.fromMs >= (options.refresher ? lifetimeMs : periodMs)) return undefined;
    counts.hit += 1;
    return entry.answer;
  }

  return {
    peek,
    async read(key) {
      const cached = peek(key);
      if (cached) return cached;
      const found = await tier?.find(key);
      if (found && found.ageMs < lifetimeMs) {
        put(key, found.value, now() - found.ageMs);
        counts.hit += 1;
        return { value: found.value, outcome: 'hit' };
      }
      counts.blank += 1;
      throw new Problem('unavailable', { detail: 'The refresher has not filled this yet.', retryAfterS: 1 });
    },
    invalidate: () => {},
    invalidateAll: () => {},
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
