/** Percentile summaries: all that Artillery's result has of a distribution. */
import { between, type Distribution, fromPairs, merge, quantile } from './distribution.ts';

/** Milliseconds. Old results have fewer percentiles than new ones. */
export interface Summary {
  count: number;
  min: number;
  max: number;
  mean?: number;
  p50?: number;
  p75?: number;
  p90?: number;
  p95?: number;
  p99?: number;
  p999?: number;
}

const KNOWN = [
  ['p50', 0.5],
  ['p75', 0.75],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
] as const;

/** Points between two known percentiles: enough for a smooth line, few enough to merge thousands of periods. */
const STEPS = 16;

/**
 * Draws a distribution through the known percentiles, even in the logarithm in between, as tails are. At a known percentile it answers what the summary says;
 * between them it is a guess, and says so (`detail: 'summary'`). Artillery's percentiles may lie up to 1 % above the maximum.
 */
export function fromSummary(summary: Summary): Distribution {
  const knots: [number, number][] = [[0, summary.min]];
  for (const [name, p] of KNOWN) {
    const value = summary[name];
    if (value !== undefined && Number.isFinite(value)) knots.push([p, Math.max(value, knots.at(-1)?.[1] ?? 0)]);
  }
  const knownTo = knots.at(-1)?.[0] ?? 0;
  knots.push([1, Math.max(summary.max, knots.at(-1)?.[1] ?? 0)]);
  const pairs: [number, number][] = [];
  for (let i = 1; i < knots.length; i++) {
    const [p0, v0] = knots[i - 1] ?? [0, 0];
    const [p1, v1] = knots[i] ?? [0, 0];
    for (let step = 1; step <= STEPS; step++) {
      pairs.push([between(v0, v1, step / STEPS), (summary.count * (p1 - p0)) / STEPS]);
    }
  }
  return fromPairs(pairs, {
    relativeError: 0.01,
    detail: 'summary',
    knownTo,
    ...(summary.mean !== undefined ? { mean: summary.mean } : {}),
  });
}

/** The summary of several periods together, by mixing what is known of each. Exact in count, minimum, maximum and mean only. */
export function mergeSummaries(parts: readonly Summary[]): Summary | undefined {
  const measured = parts.filter((part) => part.count > 0);
  const first = measured[0];
  if (!first) return undefined;
  if (measured.length === 1) return first;
  return summarise(merge(measured.map(fromSummary)), {
    min: Math.min(...measured.map((part) => part.min)),
    max: Math.max(...measured.map((part) => part.max)),
  });
}

/** The summary of a distribution, as far as it is known; `exact` overrides the ends where they are known better. */
export function summarise(d: Distribution, exact: { min?: number; max?: number } = {}): Summary {
  const known = KNOWN.filter(([, p]) => p <= d.knownTo).map(([name, p]) => [name, quantile(d, p)?.ms ?? 0]);
  return {
    count: d.total,
    min: exact.min ?? d.values[0] ?? 0,
    max: exact.max ?? d.values.at(-1) ?? 0,
    mean: d.mean,
    ...Object.fromEntries(known),
  };
}
