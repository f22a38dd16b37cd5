import type { Queryable } from '../../platform/db/pool.ts';

/** A limited dish's code and portions a day. */
export interface DailyLimit {
  readonly code: string;
  readonly daily_limit: number;
}

/** The limits before a change. */
export async function readLimits(tx: Queryable, storeId: string): Promise<DailyLimit[]> {
  const { rows } = await tx.query<DailyLimit>(
    'SELECT code, daily_limit FROM item WHERE store_id = $1 AND NOT archived AND daily_limit IS NOT NULL',
    [storeId],
  );
  return rows;
}

/**
 * Follows the limits that have changed since `before`; a count whose limit stayed is left alone, so that neither what
 * was sold today nor what a person set by hand is forgotten. A limit that changes during the day moves what remains by
 * the difference: raised from 50 to 60 with 3 left, 13 are left.
 * @param day the store's business day
 * @returns how many counts changed
 */
export async function syncStock(
  tx: Queryable,
  storeId: string,
  before: readonly DailyLimit[],
  day: string,
): Promise<number> {
  const { rows } = await tx.query<{ changed: number }>(
    `WITH changed AS MATERIALIZED (
       SELECT i.id, before.daily_limit AS old, CASE WHEN NOT i.archived THEN i.daily_limit END AS new
       FROM item i LEFT JOIN jsonb_to_recordset($2::jsonb) AS before (code text, daily_limit int) ON before.code = i.code
       WHERE i.store_id = $1 AND before.daily_limit IS DISTINCT FROM CASE WHEN NOT i.archived THEN i.daily_limit END
     ), counted AS (
       INSERT INTO stock AS s (store_id, item_id, remaining, day)
       SELECT $1, id, new, $3 FROM changed WHERE new IS NOT NULL
       ON CONFLICT (store_id, item_id) DO UPDATE SET day = excluded.day, remaining = CASE
         WHEN s.day = excluded.day THEN greatest(0, s.remaining + excluded.remaining
           - coalesce((SELECT old FROM changed WHERE changed.id = s.item_id), s.remaining))
         ELSE excluded.remaining END
       RETURNING 1
     ), uncounted AS (
       DELETE FROM stock s USING changed WHERE s.store_id = $1 AND s.item_id = changed.id AND changed.new IS NULL
       RETURNING 1
     )
     SELECT (SELECT count(*) FROM counted) + (SELECT count(*) FROM uncounted) AS changed`,
    [storeId, JSON.stringify(before), day],
  );
  return rows[0]!.changed;
}
