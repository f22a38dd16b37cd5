import type { RankingWindow } from '../contract/index.ts';

/**
 * How many hours a window has. They are whole hours, the running one included, so that each count is exact: the `hour` is the
 * running one and the one before, because a list that is empty at each full hour helps nobody.
 */
export const WINDOW_HOURS: Readonly<Record<RankingWindow, number>> = { hour: 2, day: 24, week: 168 };

/** The longest window and the one before it: what is older counts for nothing. */
export const KEPT_HOURS = 2 * Math.max(...Object.values(WINDOW_HOURS));

export const HOUR_MS = 3_600_000;

/** Hours since 1970: how hours are written everywhere but in Postgres. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);
