import type { OverloadOptions } from './overload/options.ts';

/** What a person may ask of a bench beside its name. */
export interface BenchOptions extends OverloadOptions {
  /** Of the larger database. */
  readonly orders?: number;
  /** A folder in which the databases stay, and are used again when they are there whole; unset: they are made for this run. */
  readonly home?: string;
  /** Of each kind of id. */
  readonly rows?: number;
}
