/** The time, handed in so that tests can set it. Milliseconds since 1970. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The store's business day of a moment, as `YYYY-MM-DD`: it begins when the clock on the wall there shows
 * `dayStartsHour`, so an order at half past one belongs to the evening before. The clock on the wall, not hours gone by:
 * on the days on which clocks change the two differ. `business_day` in migrations/000023 is the same in SQL.
 */
export function businessDay(nowMs: number, timeZone: string, dayStartsHour: number): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
    });
    formats.set(timeZone, format);
  }
  // `2026-11-23, 04`
  const wall = format.format(nowMs);
  const day = wall.slice(0, 10);
  if (Number(wall.slice(-2)) >= dayStartsHour) return day;
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
}

/**
 * When the business day of a moment is over, in milliseconds since 1970: to the minute, as that is how clocks on walls are set. Looked
 * for and not computed, since on some days of some zones the hour is there twice, or not at all.
 */
export function businessDayEndsMs(nowMs: number, timeZone: string, dayStartsHour: number): number {
  const today = businessDay(nowMs, timeZone, dayStartsHour);
  let before = Math.floor(nowMs / MINUTE_MS);
  let after = before + DAY_MINUTES_MAX;
  while (after - before > 1) {
    const middle = (before + after) >> 1;
    if (businessDay(middle * MINUTE_MS, timeZone, dayStartsHour) === today) before = middle;
    else after = middle;
  }
  return after * MINUTE_MS;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A day on which the clock goes back has 25 hours. */
const DAY_MINUTES_MAX = 26 * 60;
