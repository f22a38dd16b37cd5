import type { Name } from '../../contract/index.ts';
import { closedUntil } from '../../platform/opening-hours.ts';
import { parseHours } from './read-hours.ts';

/** Of a dish that is not served at a moment. */
export interface NotNow {
  /** For guests, by the clock on the store's wall. */
  readonly words: Name;
  /** When it is served next, milliseconds since 1970; null: not within two months. */
  readonly fromMs: number | null;
}

/** Further ahead a time without its day would be taken for today's. */
const SAME_DAY_MS = 18 * 3_600_000;

/** @param hours in the one way of writing; @returns undefined for a dish that is served at this moment */
export function notNow(hours: string, timeZone: string, atMs: number): NotNow | undefined {
  const fromMs = closedUntil({ timeZone, hours: parseHours(hours), daysOff: [] }, atMs);
  if (fromMs === undefined) return undefined;
  if (fromMs === null) return { words: { ko: '지금은 팔지 않아요', en: 'Not served now' }, fromMs };
  const show = (locale: string, how: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...how }).format(fromMs);
  const time = show('en-GB', { hour: '2-digit', minute: '2-digit' });
  const isSoon = fromMs - atMs < SAME_DAY_MS;
  const day = (locale: string): string => (isSoon ? '' : `${show(locale, { weekday: 'short' })} `);
  return { words: { ko: `${day('ko')}${time}부터`, en: `From ${day('en')}${time}` }, fromMs };
}
