import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { auditDay, type Difference, firstDayHere, rebuildDay } from './audit.ts';
import type { StoreDay } from './figures.ts';

/** How many days were looked at, and what was wrong. */
export interface Audited {
  readonly days: number;
  readonly differences: readonly Difference[];
}

const TODAY = 'business_day($1::timestamptz, s.time_zone, s.day_starts_hour)';

/**
 * Closes the days that are over where their store is: each figure is compared with the orders, and the day is stamped. One that
 * something is posted to afterwards, such as a late cancel, is open again and is closed again.
 * @param withinMs no further day is begun after that; the next run goes on
 */
export async function closeDays(db: Db, now: Clock, withinMs: number): Promise<Audited> {
  const { rows } = await db.query<StoreDay>(
    `SELECT d.store_id AS "storeId", d.day FROM sales_day d JOIN store s ON s.id = d.store_id
     WHERE d.closed_at IS NULL AND d.day < ${TODAY} AND d.day >= $2
     ORDER BY d.day, d.store_id`,
    [new Date(now()), await firstDayHere(db)],
  );
  return auditEach(
    db,
    rows.map((day) => ({ ...day, isOver: true })),
    withinMs,
  );
}

/**
 * Compares days with their orders, those first that were never or longest not looked at: today and yesterday of every store, also
 * where the books say nothing, and all days that are in the books.
 * @param withinMs no further day is begun after that; the next run goes on where this one ended
 */
export async function auditDays(db: Db, now: Clock, withinMs: number): Promise<Audited> {
  const { rows } = await db.query<StoreDay & { readonly isOver: boolean }>(
    `SELECT c.store_id AS "storeId", c.day, c.day < ${TODAY} AS "isOver"
     FROM (SELECT store_id, day FROM sales_day
           UNION SELECT s.id, ${TODAY} - back FROM store s, generate_series(0, 1) AS back) c
     JOIN store s ON s.id = c.store_id LEFT JOIN sales_day d ON d.store_id = c.store_id AND d.day = c.day
     WHERE c.day >= $2 ORDER BY d.audited_at NULLS FIRST, c.day DESC, c.store_id LIMIT ${AUDITED_AT_ONCE_MAX}`,
    [new Date(now()), await firstDayHere(db)],
  );
  return auditEach(db, rows, withinMs);
}

/** More are not done within the time of one run, at two milliseconds for a day without an order. */
const AUDITED_AT_ONCE_MAX = 10_000;

async function auditEach(
  db: Db,
  days: readonly (StoreDay & { readonly isOver: boolean })[],
  withinMs: number,
): Promise<Audited> {
  const untilMs = performance.now() + withinMs;
  const differences: Difference[] = [];
  let done = 0;
  // A day a statement: each is one store's, and a run that is killed has stamped those it was done with.
  for (const { isOver, ...day } of days) {
    if (performance.now() > untilMs) break;
    differences.push(...(await auditDay(db, day, isOver)));
    done += 1;
  }
  return { days: done, differences };
}

/** Whole days of every store, `to` not among them. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/**
 * Makes the books of these days anew, whatever they say now.
 * @param options `storeIds`: of these stores; unset: of all. `onDay`: told of each day of a store that is done
 * @returns how many days of stores
 * @throws Error for days whose orders are no longer here
 */
export async function rebuildDays(
  db: Db,
  { from, to }: DayRange,
  { storeIds, onDay }: { readonly storeIds?: readonly string[]; readonly onDay?: () => void } = {},
): Promise<number> {
  const first = await firstDayHere(db);
  if (from < first) {
    throw new Error(`The orders before ${first} are archived: only the books remember them. Begin at ${first}.`);
  }
  const { rows } = await db.query<StoreDay>(
    `SELECT s.id AS "storeId", day::date::text AS day
     FROM generate_series($1::date, $2::date - 1, interval '1 day') AS day, store s
     WHERE $3::uuid[] IS NULL OR s.id = ANY ($3) ORDER BY day, s.id`,
    [from, to, storeIds ?? null],
  );
  for (const day of rows) {
    await rebuildDay(db, day);
    onDay?.();
  }
  return rows.length;
}
