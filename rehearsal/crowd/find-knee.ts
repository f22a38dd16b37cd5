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
  /** Where to begin, requests per second; a load that is certainly small. */
  readonly from: number;
  /** Above this nothing is tried: it is more than is ever needed. */
  readonly max: number;
  /** The search ends when the borne and the unborne load are this close: 0.1 is 10 %. */
  readonly precision: number;
  /** Loads tried at most. */
  readonly triesMax: number;
}

const STEP_UP = 2;

/**
 * Finds the highest offered load that keeps the service level: doubles until one does not, then halves the distance, on a scale
 * of ratios. A load at which the generator gave up says nothing about the server; it bounds the search, and is marked.
 * @param tryLoad offers this many requests per second for long enough to judge
 */
export async function findKnee(options: KneeOptions, tryLoad: (rate: number) => Promise<Tried>): Promise<Knee> {
  const { serviceLevel, max, precision, triesMax } = options;
  const tried: Knee['tried'] = [];
  let borne: number | null = null;
  let unborne: number | undefined;
  let rate = Math.min(options.from, max);
  while (tried.length < triesMax) {
    const { p99Ms, errorRate, verdict } = await tryLoad(rate);
    const ok = verdict.kind === 'kept';
    tried.push({ rate, ok, p99Ms, errorRate, ...(verdict.kind === 'no verdict' && { generatorLimited: true }) });
    if (ok) borne = rate;
    else unborne = rate;
    if (borne !== null && unborne !== undefined && unborne / borne <= 1 + precision) break;
    if (borne === max || (unborne !== undefined && unborne <= 1)) break;
    if (unborne === undefined) rate = Math.min(max, rate * STEP_UP);
    else if (borne === null) rate = Math.max(1, Math.round(unborne / STEP_UP));
    else rate = Math.round(Math.sqrt(borne * unborne));
    if (tried.some((load) => load.rate === rate)) break;
  }
  return { ratePerSecond: borne, serviceLevel, tried };
}
