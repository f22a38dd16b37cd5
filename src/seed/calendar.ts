import { businessDay } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';

/** What a new store has when nobody says otherwise. */
export const TIME_ZONE = 'Asia/Seoul';
const DAY_STARTS_HOUR = 4;

/** One business day. */
export interface Day {
  /** As `YYYY-MM-DD`. */
  readonly date: string;
  readonly midnightMs: number;
  readonly isToday: boolean;
}

/** Today and the days before it; a day's place is how long ago it is. */
export async function readCalendar(db: Queryable, nowMs: number, daysBefore: number): Promise<Day[]> {
  const { rows } = await db.query<{ date: string; midnight: string }>(
    `SELECT day::text AS date, extract(epoch FROM day::timestamp AT TIME ZONE $2) * 1000 AS midnight
     FROM generate_series(0, $3::int) AS ago, LATERAL (SELECT $1::date - ago AS day) AS days ORDER BY ago`,
    [businessDay(nowMs, TIME_ZONE, DAY_STARTS_HOUR), TIME_ZONE, daysBefore],
  );
  return rows.map(({ date, midnight }, ago) => ({ date, midnightMs: Number(midnight), isToday: ago === 0 }));
}
