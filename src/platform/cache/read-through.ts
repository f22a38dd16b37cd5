/**
 * A named place in the cache: reads what is there, loads what is not, and lets a hundred callers of a missing key
 * wait for one load.
 */
export interface ReadThrough<T> {
  /** @throws what `load` throws, when there is nothing to serve in its place */
  read(key: string, load: () => Promise<T>): Promise<T>;
  /** Forgets a key. */
  forget(key: string): Promise<void>;
}

export interface PlaceOptions {
  /** Prefix of the keys, and the label of the metrics. */
  readonly name: string;
  /** How long a value may be used after its load, in milliseconds. */
  readonly lifetimeMs: number;
}

export interface Cache {
  place<T>(options: PlaceOptions): ReadThrough<T>;
  close(): Promise<void>;
}
