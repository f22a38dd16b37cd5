/**
 * A distribution of latencies as weighted values: what sketches, HdrHistograms, percentile summaries and raw samples all become
 * before anything is computed, so that quantiles, merging and charts exist once.
 */
import type { SketchBins } from '../results/index.ts';

export interface Distribution {
  /** Milliseconds, ascending, each with the number of requests that took it. */
  readonly values: Float64Array;
  readonly counts: Float64Array;
  /** Requests in total. */
  readonly total: number;
  /** A value may be off by this share of itself (0.01 is 1 %). */
  readonly relativeError: number;
  /** `full` comes from histograms or samples, `summary` was drawn through a handful of known percentiles. */
  readonly detail: 'full' | 'summary';
  /** The highest percentile that is known, as a share: 1, or that of a summary, between which and the maximum anything may lie. */
  readonly knownTo: number;
  readonly mean: number;
}

/** A quantile; `atLeast` means the request it falls on never got an answer, so the value is only what was waited for. */
export interface Quantile {
  ms: number;
  atLeast: boolean;
}

/** Builds a distribution from (value, count) pairs in any order; pairs without a count vanish. */
export function fromPairs(
  pairs: Iterable<readonly [number, number]>,
  traits: { relativeError: number; detail: Distribution['detail']; knownTo?: number; mean?: number },
): Distribution {
  const sorted = [...pairs].filter(([, count]) => count > 0).sort((a, b) => a[0] - b[0]);
  const values = Float64Array.from(sorted, ([value]) => value);
  const counts = Float64Array.from(sorted, ([, count]) => count);
  let total = 0;
  let sum = 0;
  for (const [value, count] of sorted) {
    total += count;
    sum += value * count;
  }
  // Counts drawn through percentiles are fractions whose sum misses the whole number by rounding.
  if (Math.abs(total - Math.round(total)) < 1e-6 * total) total = Math.round(total);
  return {
    values,
    counts,
    total,
    relativeError: traits.relativeError,
    detail: traits.detail,
    knownTo: traits.knownTo ?? 1,
    mean: traits.mean ?? (total > 0 ? sum / total : 0),
  };
}

export function fromSamples(samples: readonly number[]): Distribution {
  return fromPairs(
    samples.map((sample) => [sample, 1] as const),
    { relativeError: 0, detail: 'full' },
  );
}

/** Reads a DDSketch. Values are kept inside the exact minimum and maximum where the sketch carries them. */
export function fromSketch(sketch: SketchBins): Distribution {
  const low = sketch.min ?? 0;
  const high = sketch.max ?? Number.POSITIVE_INFINITY;
  const pairs: [number, number][] = sketch.bins.map(([k, count]) => [
    Math.min(high, Math.max(low, (2 * sketch.gamma ** k) / (1 + sketch.gamma))),
    count,
  ]);
  if (sketch.zeroCount > 0) pairs.push([0, sketch.zeroCount]);
  const total = pairs.reduce((sum, [, count]) => sum + count, 0);
  return fromPairs(pairs, {
    relativeError: (sketch.gamma - 1) / (sketch.gamma + 1),
    detail: 'full',
    ...(sketch.sum !== undefined && total > 0 ? { mean: sketch.sum / total } : {}),
  });
}

/** All requests of several distributions together. */
export function merge(parts: readonly Distribution[]): Distribution {
  const counts = new Map<number, number>();
  let total = 0;
  let sum = 0;
  for (const part of parts) {
    part.values.forEach((value, i) => {
      counts.set(value, (counts.get(value) ?? 0) + (part.counts[i] ?? 0));
    });
    total += part.total;
    sum += part.mean * part.total;
  }
  return fromPairs(counts, {
    relativeError: Math.max(0, ...parts.map((part) => part.relativeError)),
    detail: parts.every((part) => part.detail === 'full') ? 'full' : 'summary',
    knownTo: Math.min(1, ...parts.map((part) => part.knownTo)),
    ...(total > 0 ? { mean: sum / total } : {}),
  });
}

/**
 * The smallest value that at least a share `p` of the requests did not exceed (nearest rank), counting `unanswered` requests as
 * slower than every answered one. Without that, a server that stops answering would look faster the more it fails.
 * Undefined when there was no request at all.
 */
export function quantile(d: Distribution, p: number, unanswered = 0, waitedMs = 0): Quantile | undefined {
  const total = d.total + unanswered;
  if (total <= 0) return undefined;
  // Drawn through known percentiles, a distribution is continuous; counted, it has whole requests.
  const rank = d.detail === 'summary' ? p * total : Math.max(1, Math.ceil(p * total - 1e-9));
  if (rank > d.total + 1e-6) return { ms: Math.max(waitedMs, d.values.at(-1) ?? 0), atLeast: true };
  let seen = 0;
  for (let i = 0; i < d.values.length; i++) {
    const count = d.counts[i] ?? 0;
    seen += count;
    if (seen < rank - 1e-6) continue;
    const ms = d.values[i] ?? 0;
    const before = d.values[i - 1];
    if (d.detail === 'full' || before === undefined || seen <= rank + 1e-6) return { ms, atLeast: false };
    // Between two points of a drawn line, where the rank falls: one lost request more must not move it by a whole step.
    return { ms: between(before, ms, 1 - (seen - rank) / count), atLeast: false };
  }
  return { ms: d.values.at(-1) ?? 0, atLeast: false };
}

/** Even in the logarithm, as tails are. */
export const between = (from: number, to: number, share: number): number =>
  from > 0 ? from * (to / from) ** share : from + (to - from) * share;

/** A point of the spectrum: `tail` is 1/(1−p), so 2 is the median, 100 the 99th percentile. */
export interface SpectrumPoint extends Quantile {
  tail: number;
}

/**
 * The percentile spectrum on an even grid of log 1/(1−p), up to the slowest single request. With `stepsPerDecade` = 24 a run of a
 * million requests gives some 140 points.
 */
export function spectrum(d: Distribution, unanswered = 0, waitedMs = 0, stepsPerDecade = 24): SpectrumPoint[] {
  const total = d.total + unanswered;
  if (total <= 0) return [];
  const points: SpectrumPoint[] = [];
  const last = Math.log10(total);
  for (let step = 0; step / stepsPerDecade <= last + 1e-9; step++) {
    const tail = 10 ** (step / stepsPerDecade);
    const found = quantile(d, 1 - 1 / tail, unanswered, waitedMs);
    if (found) points.push({ tail, ...found });
  }
  return points;
}
