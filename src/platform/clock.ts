/** The time, handed in so that tests can set it. Milliseconds since 1970. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The store's business day of a moment, as `YYYY-MM-DD`: it begins at `dayStartsHour` in the store's time zone, so an
 * order at half past one belongs to the evening before.
 */
export function businessDay(nowMs: number, timeZone: string, dayStartsHour: number): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(nowMs - dayStartsHour * 3_600_000);
}
