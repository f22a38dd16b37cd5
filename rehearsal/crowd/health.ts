import type { CrowdResult, ServiceLevel } from '../results/index.ts';

/** A process this busy has no room for the next burst. */
const CPU_SHARE_MAX = 0.9;
/** Lateness of our own sends counts into every latency; past a quarter of the promise it may decide the verdict. */
const LAG_SHARE_MAX = 0.25;

/** What goes to the judge of one load. */
type Measured = Pick<CrowdResult, 'attempted' | 'answered' | 'errors' | 'generator' | 'timeoutMs'> & {
  readonly p99Ms: number;
};

export type Verdict =
  | { readonly kind: 'kept' }
  | { readonly kind: 'broken'; readonly why: string }
  /** The generator was the bottleneck: nothing is known about the server. */
  | { readonly kind: 'no verdict'; readonly why: string };

/** Share of the planned requests that got no answer, or one that the scenario does not expect. */
export const errorRateOf = ({ attempted, errors }: Pick<Measured, 'attempted' | 'errors'>): number =>
  attempted === 0 ? 0 : Object.values(errors).reduce((sum, times) => sum + times, 0) / attempted;

/**
 * Says whether a load was borne. Latency counts from the planned time, so our own lateness is in it: a load that was borne in
 * spite of it was borne. One that was not is blamed on the server only when the generator itself kept up.
 */
export function judgeLoad(measured: Measured, level: ServiceLevel): Verdict {
  if (measured.attempted === 0) return { kind: 'no verdict', why: 'nothing was sent' };
  const errorRate = errorRateOf(measured);
  if (errorRate <= level.errorRate && measured.p99Ms <= level.p99Ms) return { kind: 'kept' };
  const { cpuShare, sendLagP99Ms } = measured.generator;
  if (cpuShare > CPU_SHARE_MAX) {
    return { kind: 'no verdict', why: `a generator process used ${Math.round(cpuShare * 100)} % of a core` };
  }
  // That a request left a little late is not why no answer came, so the server's errors are held against the time-out.
  const { 'not sent': _ownErrors, ...serverErrors } = measured.errors;
  const serverFailed = errorRateOf({ attempted: measured.attempted, errors: serverErrors }) > level.errorRate;
  const lagMaxMs = (serverFailed ? measured.timeoutMs : level.p99Ms) * LAG_SHARE_MAX;
  if (sendLagP99Ms > lagMaxMs) {
    return { kind: 'no verdict', why: `requests left up to ${Math.round(sendLagP99Ms)} ms late (p99)` };
  }
  if (errorRate > level.errorRate) return { kind: 'broken', why: `${(errorRate * 100).toFixed(2)} % errors` };
  return { kind: 'broken', why: `p99 ${Math.round(measured.p99Ms)} ms` };
}
