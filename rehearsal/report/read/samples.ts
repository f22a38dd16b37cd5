/** The single latencies of version 1, `[time, id, nanoseconds, code]` each or bare numbers, of one period. */
import { type Distribution, fromPairs } from '../../stats/distribution.ts';
import type { Scalar } from './walk-json.ts';

/** Distinct values kept, of a tenth of a millisecond: past them a period's percentiles must do. */
const VALUES_MAX = 50_000;
/** In what unit the numbers may be: the one in which their largest is the maximum that the file names. */
const UNITS_MS = [1e-6, 1e-3, 1];
/** Artillery rounds its maximum to a tenth of a millisecond. */
const TOLERANCE = 0.02;

export class Samples {
  readonly #counts = new Map<number, number>();
  #max = 0;
  #total = 0;

  /** @param path from `latencies` on: an index, and within an entry another */
  take(path: readonly string[], value: Scalar): void {
    const isLatency = path.length === 1 || (path.length === 2 && path[1] === '2');
    if (!isLatency || typeof value !== 'number' || !(value >= 0) || this.#counts.size > VALUES_MAX) return;
    // Nanoseconds to a tenth of a millisecond; smaller numbers are milliseconds already.
    const rounded = value > 1e5 ? Math.round(value / 1e5) * 1e5 : value;
    this.#counts.set(rounded, (this.#counts.get(rounded) ?? 0) + 1);
    this.#max = Math.max(this.#max, value);
    this.#total++;
  }

  /** Undefined where they are missing, cut off, or in a unit that does not fit the maximum (milliseconds) of the same period. */
  distribution(maxMs: number, responses: number): Distribution | undefined {
    if (this.#total === 0 || this.#counts.size > VALUES_MAX || this.#total < 0.99 * responses) return undefined;
    const unit = UNITS_MS.find((ms) => Math.abs(this.#max * ms - maxMs) <= Math.max(TOLERANCE * maxMs, 0.1));
    if (unit === undefined) return undefined;
    const pairs = [...this.#counts].map(([value, count]): [number, number] => [value * unit, count]);
    return fromPairs(pairs, { relativeError: 0, detail: 'full' });
  }
}
