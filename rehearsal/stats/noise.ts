/**
 * When is a difference between two rungs more than chance? Judged on whole runs only: requests inside one run share its luck (a
 * neighbour on the machine, a slow disk, a cold cache), so a test over requests calls any two runs different. Runs of the same rung
 * are A/A trials; what they differ by among themselves is the noise floor, pooled over all rungs that were repeated.
 */
import { criticalT } from './student.ts';

/** How a figure varies: latencies and rates by a factor (`log`), shares by an amount (`linear`). */
export type Scale = 'log' | 'linear';

/** One run each: the spread between runs is unknown, so only a factor that no quiet machine produces by itself is called. */
export const SINGLE_RUN_RATIO_MIN = 1.5;

/** Chance of calling a difference where there is none, over all comparisons of one figure together. */
export const FALSE_ALARM_MAX = 0.05;

export interface Noise {
  scale: Scale;
  /** Standard deviation between runs of one rung: of the logarithm, or of the figure itself. */
  deviation: number;
  /** Runs minus rungs: what the deviation rests on. */
  degrees: number;
}

export interface Difference {
  verdict: 'higher' | 'lower' | 'none';
  /**
   * `repeats`: judged against the noise floor. `single`: one run each, judged by {@link SINGLE_RUN_RATIO_MIN} and by periods. `interval`: each
   * side brings its own interval.
   */
  basis: 'repeats' | 'single' | 'interval';
  /** Other ÷ base on a log scale, other − base on a linear one, with the interval that chance allows (single: none). */
  size: number;
  low?: number;
  high?: number;
}

export interface Resolution {
  /** Steps of the instrument in the figure's unit, such as 1 ms: a smaller difference is not there. */
  step: number;
  /** Its relative error: 0.01 is 1 %. */
  relative: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** On a log scale a figure below half an instrument step is taken as half a step: 0 ms has no logarithm. */
function transform(values: readonly number[], scale: Scale, step: number): number[] {
  return scale === 'linear' ? [...values] : values.map((value) => Math.log(Math.max(value, step / 2, 1e-9)));
}

/** The noise floor of one figure over the repeats of each rung; undefined when nothing was repeated. */
export function measureNoise(groups: readonly (readonly number[])[], scale: Scale, step: number): Noise | undefined {
  let squares = 0;
  let degrees = 0;
  for (const group of groups) {
    if (group.length < 2) continue;
    const values = transform(group, scale, step);
    const centre = mean(values);
    for (const value of values) squares += (value - centre) ** 2;
    degrees += group.length - 1;
  }
  return degrees > 0 ? { scale, deviation: Math.sqrt(squares / degrees), degrees } : undefined;
}

/**
 * Compares the runs of two rungs. `pool` holds the runs of every rung, these two included; `comparisons` is how many such questions
 * are asked of this figure, so that many rungs do not make one false alarm likely (Bonferroni).
 */
export function compareRepeats(
  base: readonly number[],
  other: readonly number[],
  pool: readonly (readonly number[])[],
  traits: { scale: Scale; resolution: Resolution; comparisons: number },
): Difference {
  const { scale, resolution, comparisons } = traits;
  const everywhere = measureNoise(pool, scale, resolution.step);
  if (!everywhere) throw new Error('compareRepeats needs at least one rung that was run twice');
  const here = measureNoise([base, other], scale, resolution.step);
  // A rung near its limit is noisier than the others: the larger of both floors holds.
  const noise = here && here.deviation > everywhere.deviation ? here : everywhere;
  const t = criticalT(FALSE_ALARM_MAX / Math.max(1, comparisons), noise.degrees);
  const margin = t * noise.deviation * Math.sqrt(1 / base.length + 1 / other.length);
  const from = mean(transform(base, scale, resolution.step));
  const to = mean(transform(other, scale, resolution.step));
  const shift = to - from;
  const back = (x: number): number => (scale === 'log' ? Math.exp(x) : x);
  const called = Math.abs(shift) > margin && isVisible(back(from), back(to), resolution, scale);
  return {
    verdict: called ? (shift > 0 ? 'higher' : 'lower') : 'none',
    basis: 'repeats',
    size: back(shift),
    low: back(shift - margin),
    high: back(shift + margin),
  };
}

/**
 * Compares two single runs. Called only when the figure differs by {@link SINGLE_RUN_RATIO_MIN} and, where there are periods, when
 * nearly all periods of one run lie on the same side of nearly all of the other's (their middle 80 % do not overlap).
 */
export function compareSingles(
  base: number,
  other: number,
  traits: {
    scale: Scale;
    resolution: Resolution;
    basePeriods?: readonly number[];
    otherPeriods?: readonly number[];
    amountMin?: number;
  },
): Difference {
  const { scale, resolution, basePeriods = [], otherPeriods = [], amountMin = 0.01 } = traits;
  const [from = 0] = transform([base], scale, resolution.step);
  const [to = 0] = transform([other], scale, resolution.step);
  const shift = to - from;
  const large = scale === 'log' ? Math.abs(shift) >= Math.log(SINGLE_RUN_RATIO_MIN) : Math.abs(shift) >= amountMin;
  const called = large && isVisible(base, other, resolution, scale) && areApart(basePeriods, otherPeriods, shift > 0);
  return {
    verdict: called ? (shift > 0 ? 'higher' : 'lower') : 'none',
    basis: 'single',
    size: scale === 'log' ? Math.exp(shift) : shift,
  };
}

/** A figure that is measured with its own interval; an open end is Infinity, or 0 below. */
export interface Interval {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/**
 * Compares two figures by their intervals, on a scale of ratios: the halves that point at each other add up as independent errors do (the
 * root of the sum of squares), and the distance must be more.
 */
export function compareIntervals(base: Interval, other: Interval): Difference {
  const shift = Math.log(other.middle / base.middle);
  const half = (from: number, to: number): number => Math.abs(Math.log(to / from));
  // Base's upper half against the other's lower one where the other is higher, and the halves turned away for the far end.
  const up = Math.hypot(half(base.middle, base.high), half(other.middle, other.low));
  const down = Math.hypot(half(base.middle, base.low), half(other.middle, other.high));
  const called = shift > 0 ? shift > up : -shift > down;
  return {
    verdict: called ? (shift > 0 ? 'higher' : 'lower') : 'none',
    basis: 'interval',
    size: Math.exp(shift),
    ...(Number.isFinite(up + down) && { low: Math.exp(shift - up), high: Math.exp(shift + down) }),
  };
}

function isVisible(a: number, b: number, resolution: Resolution, scale: Scale): boolean {
  const gap = Math.abs(a - b);
  if (gap <= resolution.step) return false;
  return scale === 'linear' || gap > 2 * resolution.relative * Math.min(a, b);
}

function areApart(base: readonly number[], other: readonly number[], otherHigher: boolean): boolean {
  if (base.length < 3 || other.length < 3) return true;
  const [lower, upper] = otherHigher ? [base, other] : [other, base];
  return at(lower, 0.9) <= at(upper, 0.1);
}

function at(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
}

/** The middle of a few figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}
