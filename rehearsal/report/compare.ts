/** Every group against the first: what differs by more than chance. */
import { fisherExact } from '../stats/counts.ts';
import {
  compareIntervals,
  compareRepeats,
  compareSingles,
  type Difference,
  FALSE_ALARM_MAX,
  type Interval,
  measureNoise,
  type Noise,
} from '../stats/noise.ts';
import {
  FIGURES,
  type FigureKey,
  type GroupFigures,
  isThin,
  QUANTILES,
  resolutionOf,
  type Spread,
  spreadOf,
} from './figures.ts';

/** Loads further apart than this are different questions. */
export const LOAD_TOLERANCE = 1.05;

/** One search that each bad window decides: knees of the same server came out three times apart. */
const SINGLE_KNEE_RATIO_MIN = 4;

export interface Comparison extends Difference {
  /** `better` and `worse` by the figure's own direction. */
  meaning: 'better' | 'worse' | 'none';
  /** The size is a factor worth saying: neither side is zero or below what the instrument sees. */
  isFactor: boolean;
  /** The lower of the two is known to be "at least" so much, or the higher "below": which one really is higher is open. */
  isOpen: boolean;
  /** What the other was offered against the base. A latency is compared all the same, and the load said beside it. */
  load: 'equal' | 'more' | 'less';
}

/** Faster under less load, or slower under more: what the load alone may have made. The other way round is a finding. */
export const isExplainedByLoad = ({ meaning, load }: Comparison): boolean =>
  (meaning === 'better' && load === 'less') || (meaning === 'worse' && load === 'more');

/** Requests per second offered, the middle of the repeats. */
export function groupLoad(group: GroupFigures): number {
  const loads = group.runs.map((run) => run.offeredPerSecond).sort((a, b) => a - b);
  return loads[loads.length >> 1] ?? 0;
}

export function isSameLoad(a: GroupFigures, b: GroupFigures): boolean {
  const [x, y] = [groupLoad(a), groupLoad(b)];
  return x > 0 && y > 0 && Math.max(x, y) / Math.min(x, y) <= LOAD_TOLERANCE;
}

const isInProportion = (group: GroupFigures, key: FigureKey): boolean =>
  group.runs.some((run) => run.figures[key]?.perSecond !== undefined);

const valuesOf = (group: GroupFigures, key: FigureKey): number[] =>
  group.runs.flatMap((run) => run.figures[key]?.value ?? []);

/**
 * Undefined when one side lacks the figure, when it is a rate of theirs and their loads differ, or when it is what a request costs and only
 * one of them was measured in proportion to its knee.
 * @param asked how many such questions are asked of which any would do: they share the chance of a false alarm among them
 */
export function compare(
  base: GroupFigures,
  other: GroupFigures,
  key: FigureKey,
  all: readonly GroupFigures[],
  asked = 1,
): Comparison | undefined {
  const kind = FIGURES[key];
  const [from, to] = [spreadOf(base, key), spreadOf(other, key)];
  const load = !kind.needsEqualLoad || isSameLoad(base, other) ? 'equal' : moreOrLess(base, other);
  const isRate = kind.unit === 'perSecond';
  if (!from || !to || load === undefined || (load !== 'equal' && isRate)) return undefined;
  if (isInProportion(base, key) !== isInProportion(other, key)) return undefined;
  const [a, b] = [resolutionOf(base, key), resolutionOf(other, key)];
  const resolution = { step: Math.max(a.step, b.step), relative: Math.max(a.relative, b.relative) };
  const pool = all.map((group) => valuesOf(group, key));
  let difference: Difference;
  const intervals = [intervalOf(base, key), intervalOf(other, key)] as const;
  if (intervals[0] && intervals[1]) difference = compareIntervals(intervals[0], intervals[1]);
  else if (measureNoise(pool, kind.scale, resolution.step)) {
    const traits = { scale: kind.scale, resolution, comparisons: Math.max(1, all.length - 1) * asked };
    difference = compareRepeats(valuesOf(base, key), valuesOf(other, key), pool, traits);
  } else {
    const [basePeriods = [], otherPeriods = []] = [base.runs[0]?.periods?.[key], other.runs[0]?.periods?.[key]];
    // Where one side lost answers and the other did not, periods have nothing to add.
    const isApart = from.atLeast !== to.atLeast;
    const traits = { scale: kind.scale, resolution, ...(isApart ? {} : { basePeriods, otherPeriods }) };
    difference = compareSingles(
      from.middle,
      to.middle,
      kind.amountMin === undefined ? traits : { ...traits, amountMin: kind.amountMin },
    );
    // Three slow requests are luck: a short run has neither the requests nor the periods that would tell.
    if (difference.verdict !== 'none' && !isMoreThanLuck(base, other, key, Math.max(1, all.length - 1) * asked)) {
      difference = { ...difference, verdict: 'none' };
    }
    const ratio = Math.max(from.middle, to.middle) / Math.min(from.middle, to.middle);
    if (key === 'knee' && ratio < SINGLE_KNEE_RATIO_MIN) difference = { ...difference, verdict: 'none' };
    if (!isApart && (isThin(base, key) || isThin(other, key))) difference = { ...difference, verdict: 'none' };
  }
  const isOpen = isOpenBetween(from, to);
  if (isOpen) difference = { ...difference, verdict: 'none' };
  const least = Math.min(from.middle, to.middle);
  const isFactor = kind.scale === 'log' && least > 0 && (key in QUANTILES || least >= resolution.step);
  return { ...difference, meaning: meaningOf(difference.verdict, kind.better), isFactor, isOpen, load };
}

/** Of a figure that carries its own interval, in its first run: the knee of a group is searched over all its rounds at once. */
function intervalOf(group: GroupFigures, key: FigureKey): Interval | undefined {
  const found = group.runs.flatMap((run) => run.figures[key] ?? []);
  const [figure] = found;
  if (!figure || found.length > 1) return undefined;
  if (figure.isBelow) return { low: 0, middle: figure.value, high: figure.value };
  if (figure.low === undefined) return undefined;
  return { low: figure.low, middle: figure.value, high: figure.high ?? Number.POSITIVE_INFINITY };
}

/** Undefined where nobody knows what one of them was offered. */
function moreOrLess(base: GroupFigures, other: GroupFigures): 'more' | 'less' | undefined {
  const [from, to] = [groupLoad(base), groupLoad(other)];
  if (from <= 0 || to <= 0) return undefined;
  return to > from ? 'more' : 'less';
}

/** Of a share that was counted: whether so many of so many are more than equal servers show by chance. */
function isMoreThanLuck(base: GroupFigures, other: GroupFigures, key: FigureKey, comparisons: number): boolean {
  const [a, b] = [base.runs[0]?.figures[key], other.runs[0]?.figures[key]];
  if (a?.of === undefined || b?.of === undefined) return true;
  const chance = fisherExact(Math.round(a.value * a.of), a.of, Math.round(b.value * b.of), b.of);
  return chance < FALSE_ALARM_MAX / comparisons;
}

/** "At least 5 s" may well be more than 8 s: where a bound points at the other figure, nothing can be said. */
function isOpenBetween(a: Spread, b: Spread): boolean {
  if (a.middle === b.middle) return false;
  const [low, high] = a.middle < b.middle ? [a, b] : [b, a];
  return low.atLeast || high.isBelow;
}

function meaningOf(verdict: Difference['verdict'], better: 'lower' | 'higher'): Comparison['meaning'] {
  if (verdict === 'none') return 'none';
  return verdict === better ? 'better' : 'worse';
}

/** The noise floor of a figure over all groups, if anything was repeated. */
export function noiseOf(groups: readonly GroupFigures[], key: FigureKey): Noise | undefined {
  const step = Math.max(0, ...groups.map((group) => resolutionOf(group, key).step));
  return measureNoise(
    groups.map((group) => valuesOf(group, key)),
    FIGURES[key].scale,
    step,
  );
}
