import type { StoreSettings } from '../../src/contract/store-settings.ts';

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
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(ms);
  const of = (type: string): string => parts.find((part) => part.type === type)!.value;
  const date = `${of('year')}-${of('month')}-${of('day')}`;
  return {
    date,
    day: new Date(`${date}T00:00:00Z`).getUTCDay() || 7,
    minutes: Number(of('hour')) * 60 + Number(of('minute')),
  };
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The moment so many minutes after `nowMs` by the store's clock, also over the night on which clocks change. */
function after(nowMs: number, minutes: number, timeZone: string): Date {
  const wanted = (((localTime(nowMs, timeZone).minutes + minutes) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  const ms = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + minutes * MINUTE_MS;
  const off = wanted - localTime(ms, timeZone).minutes;
  const nearest = off > DAY_MINUTES / 2 ? off - DAY_MINUTES : off < -DAY_MINUTES / 2 ? off + DAY_MINUTES : off;
  return new Date(ms + nearest * MINUTE_MS);
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
