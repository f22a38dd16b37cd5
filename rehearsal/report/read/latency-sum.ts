/** The latency of the measured periods together: whole where each has all its values, by its percentiles where not. */
import { type Distribution, merge } from '../../stats/distribution.ts';
import { mergeSummaries, type Summary } from '../../stats/summary.ts';
import type { Metrics } from './metrics.ts';

/** Past this many they are mixed on the way. */
const KEPT_MAX = 500;
/** A whole with less of the answers than this is no whole. */
const COVERED_MIN = 0.99;

export class LatencySum {
  #summaries: Summary[] = [];
  #distributions: Distribution[] = [];

  add({ latency, distribution }: Metrics): void {
    if (latency && latency.count > 0) this.#summaries.push(latency);
    if (distribution && distribution.total > 0) this.#distributions.push(distribution);
    const mixed = this.#summaries.length >= KEPT_MAX ? mergeSummaries(this.#summaries) : undefined;
    if (mixed) this.#summaries = [mixed];
    if (this.#distributions.length >= KEPT_MAX) this.#distributions = [merge(this.#distributions)];
  }

  summary(): Summary | undefined {
    return mergeSummaries(this.#summaries);
  }

  /** @param responses how many it has to cover */
  whole(responses: number): Distribution | undefined {
    if (this.#distributions.length === 0) return undefined;
    const all = merge(this.#distributions);
    return all.total >= COVERED_MIN * responses ? all : undefined;
  }
}
