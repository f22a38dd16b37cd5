const DAY_MS = 24 * 60 * 60 * 1000;

/** What a clock on the store's wall shows, counted as if it were UTC. */
function wallMs(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(ms);
  const of = (type: string): string => parts.find((part) => part.type === type)!.value;
  return Date.parse(`${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}Z`);
}

/** The midnight that ends a day of the store's calendar. @param day such as 2026-12-31 */
export function endOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
  let ms = midnight;
  // Twice, since the second look is at the right side of a night on which clocks change.
  for (let look = 0; look < 2; look += 1) ms += midnight - wallMs(ms, timeZone);
  return new Date(ms);
}

/** The day of the store's calendar, so many days from a moment. */
export const dayAt = (ms: number, timeZone: string, days = 0): string =>
  new Date(wallMs(ms, timeZone) + days * DAY_MS).toISOString().slice(0, 10);
