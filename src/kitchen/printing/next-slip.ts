import type { PrintSlip } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/pool.ts';
import type { SlipPlace } from './slip-id.ts';
import type { SlipSignal } from './slip-signal.ts';
import { nextReturnMs, takeSlip } from './slips.ts';

/** Longer than any printer needs for one slip; shorter than a cook's patience with one that jammed. */
export const HOLD_MS = 20_000;

/**
 * Waits for a station's next slip, at most `waitMs`: asks the database once, and again only when it is signalled or a
 * slip that another agent holds comes back.
 * @returns undefined when nothing came
 */
export function createNextSlip(db: Db, slipSignal: SlipSignal, now: Clock) {
  return async (place: SlipPlace, waitMs: number, signal: AbortSignal): Promise<PrintSlip | undefined> => {
    const untilMs = performance.now() + waitMs;
    while (!signal.aborted) {
      // Without a signal it still answers, from Postgres.
      await slipSignal.reset(place).catch(() => {});
      const slip = await takeSlip(db, place, now(), HOLD_MS);
      // One signal stands for all that was made together and wakes one agent: who found something wakes the next.
      if (slip) void slipSignal.notify([place]).catch(() => {});
      const leftMs = untilMs - performance.now();
      if (slip || leftMs <= 0) return slip;
      const returnMs = await nextReturnMs(db, place, now());
      const sleepMs = returnMs === undefined ? leftMs : Math.min(leftMs, Math.max(returnMs - now(), 0) + 1);
      const wakeMs = performance.now() + sleepMs;
      const heard = await slipSignal.listen(place, sleepMs, signal).catch(() => false);
      const earlyMs = wakeMs - performance.now();
      // The signal refused to wait: too many listen, or Redis is away.
      if (!heard && earlyMs > EARLY_MS) await pause(Math.min(earlyMs, LOOK_AGAIN_MS), signal);
    }
    return undefined;
  };
}

/** Timers and Redis are a little early now and then. */
const EARLY_MS = 50;
/** While there is no signal: a question a second and agent is nothing to Postgres, and no slip waits for longer. */
const LOOK_AGAIN_MS = 1_000;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
