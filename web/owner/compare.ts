import type { SalesLine } from '../../src/contract/sales.ts';

const HOUR_MS = 60 * 60 * 1000;

/** One hour of a day beside the same hour of the week before. */
export interface HourRow {
  /** As the clock on the store's wall shows it, such as `13:00`. */
  readonly hour: string;
  readonly total: number;
  readonly before: number;
}

const wallClock = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(at));

/** Names each hour of a day; one that the clocks show twice has two names, so that none hides another. */
function named(lines: readonly SalesLine[], timeZone: string): Map<string, SalesLine> {
  const hours = new Map<string, SalesLine>();
  for (const line of lines) {
    const hour = wallClock(line.at!, timeZone);
    hours.set(hours.has(hour) ? `${hour} (2)` : hour, line);
  }
  return hours;
}

/**
 * The hours of a day and of the same day of the week before, side by side, in the order of the business day. Hours in which nothing
 * was sold stand between those in which something was.
 */
export function compareHours(
  lines: readonly SalesLine[],
  before: readonly SalesLine[],
  timeZone: string,
): readonly HourRow[] {
  const now = named(lines, timeZone);
  const then = named(before, timeZone);
  const order = new Map<string, number>();
  for (const [name, { at }] of now) order.set(name, Date.parse(at!));
  for (const [name, { at }] of then) if (!order.has(name)) order.set(name, Date.parse(at!) + 7 * 24 * HOUR_MS);
  const rows = [...order]
    .sort(([, a], [, b]) => a - b)
    .map(([hour, atMs]) => ({ hour, atMs, total: now.get(hour)?.total ?? 0, before: then.get(hour)?.total ?? 0 }));
  const filled: HourRow[] = [];
  for (const [index, { atMs, ...row }] of rows.entries()) {
    const next = rows[index + 1]?.atMs ?? 0;
    filled.push(row);
    for (let ms = atMs + HOUR_MS; ms < next; ms += HOUR_MS) {
      const hour = wallClock(new Date(ms).toISOString(), timeZone);
      if (!order.has(hour)) filled.push({ hour, total: 0, before: 0 });
    }
  }
  return filled;
}

/**
 * By how much a day is ahead of the week before, as a share: only hours that are over on both days count, so that a day that has
 * just begun is not behind. Undefined: there is nothing to compare with.
 * @param nowMs the server's clock
 */
export function changeSince(
  lines: readonly SalesLine[],
  before: readonly SalesLine[],
  nowMs: number,
): number | undefined {
  const overMs = nowMs - HOUR_MS;
  const sum = (all: readonly SalesLine[], shiftMs: number) =>
    all.reduce((total, line) => (Date.parse(line.at!) + shiftMs <= overMs ? total + line.total : total), 0);
  const then = sum(before, 7 * 24 * HOUR_MS);
  return then === 0 ? undefined : sum(lines, 0) / then - 1;
}

/** The day that is so many days after another; both as `YYYY-MM-DD`. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
