import type { StoreSettings } from '../../src/contract/store-settings.ts';
import { minutesOf, momentOf, wallOf } from '../../src/contract/wall-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

interface LocalTime {
  /** 1 is Monday, 7 is Sunday. */
  readonly day: number;
  readonly date: string;
  readonly minutes: number;
}

/** What a clock on the store's wall shows. */
function localTime(ms: number, timeZone: string): LocalTime {
  const wall = new Date(wallOf(ms, timeZone));
  return {
    date: wall.toISOString().slice(0, 10),
    day: wall.getUTCDay() || 7,
    minutes: wall.getUTCHours() * 60 + wall.getUTCMinutes(),
  };
}

/** The moment so many minutes after `nowMs` by the store's clock, also over the night on which clocks change. */
function after(nowMs: number, minutes: number, timeZone: string): Date {
  const wall = Math.floor(wallOf(nowMs, timeZone) / MINUTE_MS) * MINUTE_MS + minutes * MINUTE_MS;
  return new Date(momentOf(wall, timeZone, nowMs + minutes * MINUTE_MS));
}

/** When the store's clock shows this time next: today, or tomorrow when it is past. @param time such as 17:30 */
export function nextAt(time: string, timeZone: string, nowMs: number): Date {
  const minutes = minutesOf(time) - localTime(nowMs, timeZone).minutes;
  return after(nowMs, minutes > 0 ? minutes : minutes + DAY_MINUTES, timeZone);
}

/** When the day's last opening ends, breaks not counted. @returns undefined for a store that is always open, or closed for today */
export function closingAt(
  { hours, daysOff, timeZone }: Pick<StoreSettings, 'hours' | 'daysOff' | 'timeZone'>,
  nowMs: number,
): Date | undefined {
  if (!hours) return undefined;
  const now = localTime(nowMs, timeZone);
  const yesterday = localTime(nowMs - DAY_MINUTES * MINUTE_MS, timeZone);
  const ends = ({ day, date }: LocalTime): number[] =>
    daysOff.includes(date)
      ? []
      : hours
          .filter((span) => span.day === day)
          .map(({ from, to }) => (minutesOf(to) > minutesOf(from) ? minutesOf(to) : minutesOf(to) + DAY_MINUTES));
  // A night that began yesterday is over first.
  const end =
    ends(yesterday)
      .map((each) => each - DAY_MINUTES)
      .find((each) => each > now.minutes) ?? Math.max(...ends(now));
  return end > now.minutes ? after(nowMs, end - now.minutes, timeZone) : undefined;
}
