import type { Knee, ServiceLevel } from '../results/index.ts';
import { type KneeInterval, KneePosterior, type Look } from '../stats/knee-posterior.ts';
import type { Verdict } from './health.ts';

/** What one look at a load came to. */
export interface Tried {
  readonly p99Ms: number;
  readonly errorRate: number;
  readonly verdict: Verdict;
  /** The machine's own speed just before and after, by the calibration load. */
  readonly speed?: readonly [before: number, after: number];
}

export type TriedLoad = Knee['tried'][number] & { round: number };

export interface KneeOptions {
  readonly serviceLevel: ServiceLevel;
  /** Where to begin, requests per second; a load that is probably small. */
  readonly from: number;
  /** Below this nothing is tried: a handful of requests has no 99th percentile. */
  readonly min: number;
  /** Above this nothing is tried: it is more than is ever needed. */
  readonly max: number;
  /** Looks of the first round, and of each further one. */
  readonly looks: { readonly first: number; readonly further: number };
}

/** The true knee lies within the interval in so many of a hundred searches. */
export const CONFIDENCE = 0.95;
const STEP = 3;
/** So many looks at which the generator gave up bound the search: more would say nothing about the server. */
const GENERATOR_LIMITS = 2;

/**
 * Looks at loads for one round of a search: the first round steps up until a load breaks, then every look goes where it tells most, given
 * all looks so far. No single look decides: what is known is a distribution, and a bad window is one of its explanations.
 * @param earlier all looks of earlier rounds
 * @param tryLoad offers this many requests per second for long enough to judge
 * @returns this round's looks
 */
export async function lookForKnee(
  options: KneeOptions,
  earlier: readonly TriedLoad[],
  tryLoad: (rate: number) => Promise<Tried>,
): Promise<TriedLoad[]> {
  const round = 1 + Math.max(0, ...earlier.map((load) => load.round));
  const tried: TriedLoad[] = [];
  const all = () => [...earlier, ...tried];
  const lookAt = async (rate: number): Promise<boolean> => {
    const { p99Ms, errorRate, verdict, speed } = await tryLoad(rate);
    const ok = verdict.kind === 'kept';
    tried.push({
      rate,
      ok,
      p99Ms,
      errorRate,
      round,
      ...(verdict.kind === 'no verdict' && { generatorLimited: true }),
      ...(speed && { speedBefore: speed[0], speedAfter: speed[1] }),
    });
    return ok;
  };
  const posterior = posteriorOf(options, earlier);
  const looks = round === 1 ? options.looks.first : options.looks.further;
  let rate = round === 1 ? Math.min(options.from, options.max) : undefined;
  for (let turn = 0; turn < looks; turn++) {
    const limit = generatorLimitOf(all());
    const next = Math.min(limit, rate ?? posterior.next(round, turn));
    const ok = await lookAt(next);
    const look = lookOf(tried.at(-1)!);
    if (look) posterior.add(look);
    // Stepping up is for the first round only, and only as long as nothing broke.
    rate = rate !== undefined && ok && next < options.max ? Math.min(options.max, next * STEP) : undefined;
    // At the highest load of all, kept again and again, there is nothing more to find.
    if (next === options.max && ok && countAt(all(), options.max, true) >= 3) break;
    if (next === options.min && !ok && countAt(all(), options.min, false) >= 3) break;
  }
  return tried;
}

/** The knee and its interval by all looks. */
export function kneeOf(options: KneeOptions, tried: readonly TriedLoad[]): Knee {
  const posterior = posteriorOf(options, tried);
  const { low, middle, high } = posterior.interval(CONFIDENCE);
  const looks = tried.flatMap((load) => lookOf(load) ?? []);
  const { serviceLevel } = options;
  const judged = { serviceLevel, tried: [...tried] };
  if (!looks.some(({ kept }) => kept)) return { ratePerSecond: null, ...judged };
  const limit = Math.min(generatorLimitOf(tried), options.max);
  // Beyond what could be offered nothing is known.
  const isOpen = high >= limit;
  const found: KneeInterval = { low: Math.min(low, limit), middle: Math.min(middle, limit), high };
  return {
    ratePerSecond: Math.round(found.middle),
    interval: { low: Math.round(found.low), high: isOpen ? null : Math.round(high), confidence: CONFIDENCE },
    ...judged,
  };
}

function posteriorOf(options: KneeOptions, tried: readonly TriedLoad[]): KneePosterior {
  const posterior = new KneePosterior(options);
  for (const load of tried) {
    const look = lookOf(load);
    if (look) posterior.add(look);
  }
  return posterior;
}

/** A look at which the generator gave up says nothing about the server. */
const lookOf = ({ rate, ok, round, generatorLimited }: TriedLoad): Look | undefined =>
  generatorLimited ? undefined : { rate, kept: ok, round };

const countAt = (tried: readonly TriedLoad[], rate: number, ok: boolean): number =>
  tried.filter((load) => load.rate === rate && load.ok === ok).length;

/** The lowest load but one at which the generator gave up; Infinity as long as it hardly did. */
function generatorLimitOf(tried: readonly TriedLoad[]): number {
  const limits = tried.filter(({ generatorLimited }) => generatorLimited).map(({ rate }) => rate);
  return limits.sort((a, b) => a - b)[GENERATOR_LIMITS - 1] ?? Number.POSITIVE_INFINITY;
}
