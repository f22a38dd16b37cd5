/**
 * A store of short texts that all processes share and that may lose everything at any moment: Redis, a Redis Cluster or
 * Memcached. The few commands that the cache needs; every adapter passes one suite (`test/cache/`).
 */
export interface SecondTier {
  /** For people and metrics. */
  readonly name: 'redis' | 'memcached';
  get(key: string): Promise<string | undefined>;
  /** @param lifetimeMs undefined: until it is pushed out. Memcached counts in whole seconds and rounds up. */
  set(key: string, value: string, lifetimeMs?: number): Promise<void>;
  /** Sets a key that nobody has set. @returns whether it was this call that did */
  add(key: string, value: string, lifetimeMs: number): Promise<boolean>;
  /** @returns whether it was there */
  delete(key: string): Promise<boolean>;
  /** Deletes a key while it has this value: a lock that ran out and was taken by another is left alone. */
  deleteIf(key: string, value: string): Promise<void>;
  /** Forgets every key that begins with `prefix:`, or everything of this cache when it is empty. */
  clear(prefix: string): Promise<void>;
  close(): Promise<void>;
}

/** The server answered, and its answer was no: out of memory, too large, wrong password. It is not away. */
export class RefusedByTier extends Error {
  override readonly name = 'RefusedByTier';
}
