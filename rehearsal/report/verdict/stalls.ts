/** Moments when the server stood still: a pause of seconds that averages hide and that a user remembers. */

import { median } from '../../stats/noise.ts';
import type { Run } from '../run.ts';

export interface Stall {
  /** The period that holds it, in seconds from the run's start. */
  atS: number;
  spanS: number;
  /** The longest wait in it; `atLeast` when requests were still waiting as the generator gave up. */
  ms: number;
  atLeast: boolean;
}

/** Shorter waits are the tail of a busy server. */
const STALL_MS_MIN = 1000;
/** And a pause is far from what is usual in the same run. */
const USUAL_TIMES_MIN = 20;
/** A request's time-out, not that of a step in a browser, which waits for more than a server. */
const REQUEST_TIMED_OUT = /^(?:E[A-Z]*TIMED?OUT|ERR_|UND_ERR_|time-?out)/i;
/** When more of the run than this is slow, the server is overloaded, not paused; one pause alone may take up to half of it. */
const SHARE_MAX = 0.25;
const SHARE_OF_ONE_MAX = 0.5;

/**
 * Finds pauses by their shape: arrivals go on while a server stands still, so in that period waits run evenly from nothing to the
 * length of the pause, and its upper percentiles lie near its maximum. A single slow request leaves them low.
 */
export function findStalls(run: Run): Stall[] {
  const measured = run.periods.filter(
    (period) => !period.warmup && period.attempted + period.answered + period.unanswered > 0,
  );
  const usual = median(measured.flatMap((period) => period.latency?.p50 ?? []));
  const least = Math.max(STALL_MS_MIN, USUAL_TIMES_MIN * (Number.isFinite(usual) ? usual : 0));
  const stalls: Stall[] = [];
  for (const [i, period] of measured.entries()) {
    // The beginning of a test that cut no warm-up is slow because all is cold, which the check of the warm-up says.
    if (i === 0 && run.warmupS === 0 && measured.length > 1) continue;
    const timedOut = Object.entries(period.errors).some(([kind, count]) => count > 1 && REQUEST_TIMED_OUT.test(kind));
    const { latency } = period;
    const upper = latency?.p95 ?? latency?.p99 ?? 0;
    const isSlow = latency !== undefined && latency.max >= least && upper >= latency.max / 4;
    if (timedOut) stalls.push({ atS: period.atS, spanS: period.spanS, ms: run.timeoutMs, atLeast: true });
    else if (isSlow) stalls.push({ atS: period.atS, spanS: period.spanS, ms: latency.max, atLeast: false });
  }
  const pauses = joinNeighbours(stalls);
  const shareMax = pauses.length === 1 ? SHARE_OF_ONE_MAX : SHARE_MAX;
  return stalls.length <= Math.max(1, measured.length * shareMax) ? pauses : [];
}

/** One pause can touch several periods of a second: the longest wait tells its length. */
function joinNeighbours(stalls: readonly Stall[]): Stall[] {
  const joined: Stall[] = [];
  for (const stall of stalls) {
    const last = joined.at(-1);
    if (last && stall.atS - last.atS <= last.ms / 1000 + 1.5) {
      if (stall.ms > last.ms)
        joined[joined.length - 1] = { ...last, ms: stall.ms, atLeast: last.atLeast || stall.atLeast };
    } else joined.push(stall);
  }
  return joined;
}
