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

const DAY_MS = 24 * 3_600_000;
