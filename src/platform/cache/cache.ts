/** `hit`: known right; `stale`: a newer one is on its way, or nobody can be asked; `miss`: this caller waited for a load. */
export type Outcome = 'hit' | 'stale' | 'miss';

export interface CacheAnswer<T> {
  readonly value: T;
  readonly outcome: Outcome;
}

/**
 * What is asked for often lies in the cache: values of one place, ready to be sent, in this process's memory. How they
 * come and go is the way of refreshing (`CACHE_REFRESH`); every way has this same face.
 */
export interface Cache<T> {
  /** The answer when it can be given at once, without a promise: the hot path. */
  peek(key: string): CacheAnswer<T> | undefined;
  /** @throws Problem `not-found`, `unavailable` (blank), or the source's error when nothing can be served in its place */
  read(key: string): Promise<CacheAnswer<T>>;
  /** A change was heard of. Hearing too much costs a question, hearing nothing costs a part of a second. */
  invalidate(key: string): void;
  /** Changes may have been missed: everything in the cache is asked about again when it is next read. */
  invalidateAll(): void;
  close(): void;
}

export interface Versioned<T> {
  /** Equal versions mean equal values. */
  readonly version: string;
  readonly value: T;
}

/** Where a place's values come from: the database, which is the truth. */
export interface CacheSource<T> {
  /** The newest version of each key that exists, by one question however many keys there are. */
  versions(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Makes the value as it is now: what was committed before the call is in it.
   * @param version what `versions` said just now; a value so small that its version says it all is made of it
   * @throws Problem `not-found`
   */
  load(key: string, version?: string): Promise<Versioned<T>>;
  /** The keys that a refresher fills ahead of the readers; a place without it has none. */
  keys?(): Promise<readonly string[]>;
  /** Given where a small part of the value changes often. */
  readonly patching?: Patching<T>;
}

/**
 * A value of which a small part changes often, so small that the version's text carries it: then only a change of the
 * rest costs a load.
 */
export interface Patching<T> {
  /** What of a version stands for the rest. Tiers that processes share keep values under it. */
  base(version: string): string;
  /** The value as it is at a version of the same base, without asking anybody; undefined when it must be loaded. */
  apply(value: T, version: string): T | undefined;
}

/** What one place counts; see `cache-metrics.ts`. */
export interface CacheCounts {
  hit: number;
  stale: number;
  miss: number;
  /** Readers who found nothing and were told so. */
  blank: number;
  /** Observes a load from the source, in milliseconds; `failed` when it threw. */
  loaded(tookMs: number, failed: boolean): void;
}

/** Milliseconds that only go forward; a wall clock that is set back would make old answers young again. */
export type Monotonic = () => number;

/** Runs a load of the source and counts it. */
export async function countedLoad<T>(
  counts: CacheCounts,
  now: Monotonic,
  load: () => Promise<Versioned<T>>,
): Promise<Versioned<T>> {
  const startedMs = now();
  let failed = true;
  try {
    const loaded = await load();
    failed = false;
    return loaded;
  } finally {
    counts.loaded(now() - startedMs, failed);
  }
}
