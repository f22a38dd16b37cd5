import type { Knee, ServiceLevel } from '../stats/sidecar.ts';
import type { Verdict } from './health.ts';

/** What one tried load came to. */
export interface Tried {
  readonly p99Ms: number;
  readonly errorRate: number;
  readonly verdict: Verdict;
}

export interface KneeOptions {
  readonly serviceLevel: ServiceLevel;
  /** Where to begin, requests per second; a load that is probably small. */
  readonly from: number;
  /** Below this nothing is tried: a handful of requests has no 99th percentile. */
  readonly min: number;
  /** Above this nothing is tried: it is more than is ever needed. */
  readonly max: number;
  /** The search ends when the borne and the unborne load are this close: 0.1 is 10 %. */
  readonly precision: number;
  /** A load counts as unborne when it was not borne so many times in a row; more than once forgives a noisy neighbour. */
  readonly attempts: number;
  /** Loads tried at most, attempts counted. */
  readonly triesMax: number;
}

const STEP = 3;

/**
 * Finds the highest offered load that keeps the service level: steps up until one does not, then halves the distance, on a scale
 * of ratios. A load at which the generator gave up says nothing about the server; it bounds the search, and is marked.
 * @param tryLoad offers this many requests per second for long enough to judge
 */
export async function findKnee(options: KneeOptions, tryLoad: (rate: number) => Promise<Tried>): Promise<Knee> {
  const { serviceLevel, attempts, triesMax } = options;
  const tried: Knee['tried'] = [];

  const isBorne = async (rate: number): Promise<boolean> => {
    for (let attempt = 1; attempt <= attempts && tried.length < triesMax; attempt++) {
      const { p99Ms, errorRate, verdict } = await tryLoad(rate);
      const ok = verdict.kind === 'kept';
      tried.push({ rate, ok, p99Ms, errorRate, ...(verdict.kind === 'no verdict' && { generatorLimited: true }) });
      if (ok) return true;
    }
    return false;
  };

  let borne: number | undefined;
  let unborne: number | undefined;
  let rate: number | undefined = Math.min(options.from, options.max);
  while (rate !== undefined && tried.length < triesMax) {
    if (await isBorne(rate)) borne = rate;
    else unborne = rate;
    rate = nextRate(borne, unborne, options);
  }
  return { ratePerSecond: borne ?? null, serviceLevel, tried };
}

/** @returns undefined when there is nothing more to find out */
function nextRate(
  borne: number | undefined,
  unborne: number | undefined,
  { min, max, precision }: KneeOptions,
): number | undefined {
  if (unborne === undefined) return borne === max ? undefined : Math.min(max, borne! * STEP);
  if (borne === undefined) return unborne > min ? Math.max(min, Math.floor(unborne / STEP)) : undefined;
  const middle = Math.round(Math.sqrt(borne * unborne));
  return unborne / borne <= 1 + precision || middle === borne || middle === unborne ? undefined : middle;
}
