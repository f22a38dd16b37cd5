import { momentOf, wallOf } from '../../src/contract/wall-clock.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The midnight that ends a day of the store's calendar. @param day such as 2026-12-31 */
export function endOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
  return new Date(momentOf(midnight, timeZone, midnight));
}

/** The day of the store's calendar, so many days from a moment. */
export const dayAt = (ms: number, timeZone: string, days = 0): string =>
  new Date(wallOf(ms, timeZone) + days * DAY_MS).toISOString().slice(0, 10);
