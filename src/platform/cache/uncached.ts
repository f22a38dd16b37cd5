import { type Cache, type CacheCounts, type CacheSource, countedLoad, type Monotonic } from './cache.ts';

/** `CACHE=off`: every read loads. Right, and as slow as the database. */
export function createUncached<T>(source: CacheSource<T>, counts: CacheCounts, now: Monotonic): Cache<T> {
  return {
    peek: () => undefined,
    async read(key) {
      const { value } = await countedLoad(counts, now, () => source.load(key));
      counts.miss += 1;
      return { value, outcome: 'miss' };
    },
    invalidate: () => {},
    invalidateAll: () => {},
    close: () => {},
  };
}
