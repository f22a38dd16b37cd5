import type { OpeningHours } from '../contract/index.ts';
import { minutesOf, momentOf, wallOf } from '../contract/wall-clock.ts';

/** When a store takes orders, by the clock on its wall. */
export interface Opening {
  readonly timeZone: string;
  /** null: always. */
  readonly hours: readonly OpeningHours[] | null;
  /** Days on which it does not open, as `YYYY-MM-DD`. */
  readonly daysOff: readonly string[];
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
/** A store that does not open within two months has closed, and nobody waits for it. */
const DAYS_AHEAD_MAX = 62;

/** A day's span of hours on the wall, as if it were UTC; one that ends before it begins reaches into the next day. */
function spanOn(day: number, { from, to }: OpeningHours): { readonly from: number; readonly to: number } {
  const begin = day * DAY_MS + minutesOf(from) * MINUTE_MS;
  const minutes = minutesOf(to) - minutesOf(from);
  return { from: begin, to: begin + (minutes > 0 ? minutes : minutes + DAY_MINUTES) * MINUTE_MS };
}

/** 1 January 1970 was a Thursday, the fourth day of the week. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/**
 * The next moment after `nowMs` at which one of these spans begins or ends; undefined: none does within a week. On a day on which
 * clocks change it may be off by as much as they do.
 */
export function nextBoundary(hours: readonly OpeningHours[], timeZone: string, nowMs: number): number | undefined {
  const wall = wallOf(nowMs, timeZone);
  const today = Math.floor(wall / DAY_MS);
  let next: number | undefined;
  for (let day = today - 1; day <= today + 7; day += 1) {
    const weekday = weekdayOf(day);
    for (const each of hours) {
      if (each.day !== weekday) continue;
      const { from, to } = spanOn(day, each);
      for (const edge of [from, to]) if (edge > wall && (next === undefined || edge < next)) next = edge;
    }
  }
  if (next === undefined) return undefined;
  return momentOf(next, timeZone, nowMs + next - wall);
}

/**
 * Whether a store is closed by its hours, and until when.
 * @returns undefined while it is open; otherwise when it opens next, in milliseconds since 1970; null: not within two months
 */
export function closedUntil({ timeZone, hours, daysOff }: Opening, nowMs: number): number | null | undefined {
  if (hours === null) return undefined;
  const wall = wallOf(nowMs, timeZone);
  const today = Math.floor(wall / DAY_MS);
  let next: number | undefined;
  // From yesterday, whose night may reach into today.
  for (let day = today - 1; day <= today + DAYS_AHEAD_MAX && next === undefined; day += 1) {
    if (daysOff.includes(new Date(day * DAY_MS).toISOString().slice(0, 10))) continue;
    const weekday = weekdayOf(day);
    for (const each of hours) {
      if (each.day !== weekday) continue;
      const { from, to } = spanOn(day, each);
      if (wall >= from && wall < to) return undefined;
      if (from > wall && (next === undefined || from < next)) next = from;
    }
  }
  return next === undefined ? null : momentOf(next, timeZone, nowMs + next - wall);
}
