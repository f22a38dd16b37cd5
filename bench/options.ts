import type { OverloadOptions } from './overload/options.ts';

/** What a person may ask of a bench beside its name. */
export interface BenchOptions extends OverloadOptions {
  /** Of the larger database. */
  readonly orders?: number;
  /** Of each kind of id. */
  readonly rows?: number;
}
