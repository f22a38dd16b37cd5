/**
 * How sure a quantile of one run is. Requests of one second share its luck (a flush, a batch, a neighbour on the machine), so whole seconds are
 * drawn again and again, and not requests: by requests the interval is far too narrow. Says nothing about other runs.
 */
import type { Interval } from './noise.ts';
import { seeded } from './seeded.ts';

/** What requests took, by the second in which they were due. */
export type Seconds = readonly (readonly number[])[];

const DRAWS = 400;
/** Of the draws, what lies outside on either side. */
const OUTSIDE = 0.025;

/** The smallest value that at least a share of all did not exceed; NaN of nothing. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** A quantile with what it is in nineteen of twenty draws. */
export const quantileInterval = (seconds: Seconds, share: number, seed = 1): Interval =>
  intervalOf(quantileOf(seconds.flat(), share), seed, (random) => quantileOf(drawn(seconds, random), share));

/** How many times as long a quantile is as that of others, with the same. */
export const ratioInterval = (base: Seconds, other: Seconds, share: number, seed = 1): Interval =>
  intervalOf(
    quantileOf(other.flat(), share) / quantileOf(base.flat(), share),
    seed,
    (random) => quantileOf(drawn(other, random), share) / quantileOf(drawn(base, random), share),
  );

const drawn = (seconds: Seconds, random: () => number): number[] =>
  Array.from(seconds, () => seconds[Math.floor(random() * seconds.length)]!).flat();

function intervalOf(middle: number, seed: number, draw: (random: () => number) => number): Interval {
  const random = seeded(seed);
  const draws = Array.from({ length: DRAWS }, () => draw(random));
  return { low: quantileOf(draws, OUTSIDE), middle, high: quantileOf(draws, 1 - OUTSIDE) };
}
