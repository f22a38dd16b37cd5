/*
 * The clock on a store's wall, for servers and pages: what it shows is told as if it were UTC, so that days and hours of a calendar are
 * reckoned with like any other number of milliseconds.
 */

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the wall shows at a moment, as if it were UTC. */
export function wallOf(ms: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    const digits = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    // Swedish writes year, month, day in every browser.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, hourCycle: 'h23', year: 'numeric', ...digits });
    formats.set(timeZone, format);
  }
  // `2026-11-23 04:05:06`; twice as fast as by its parts, and an order may ask for each of its dishes.
  const [year, month, day, hour, minute, second] = format.format(ms).match(/\d+/g)!.map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second, ms % 1_000);
}

/**
 * The moment at which the wall shows this. Of an hour that is there twice one of the two, and of one that is left out the moment that it
 * would have been by the clock before or after the change.
 * @param nearMs a moment within a day of it
 */
export function momentOf(wallMs: number, timeZone: string, nearMs: number): number {
  let moment = nearMs;
  // Twice: the first step may have crossed a change of the clocks.
  for (let step = 0; step < 2; step += 1) moment += wallMs - wallOf(moment, timeZone);
  return moment;
}

/** Minutes since midnight. @param time such as 17:30 */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
