import type { Queryable } from '../../platform/db/pool.ts';

/**
 * A store's dishes that no order can have now: switched off, or counted with nothing left. A count of an earlier day says nothing
 * about a dish that has new portions each day: the first order of the day turns it. Dishes whose options are all gone are not
 * here: for those the order's own transaction says no.
 */
export async function readSoldOut(db: Queryable, storeId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT i.id FROM store s JOIN item i ON i.store_id = s.id
     LEFT JOIN stock k ON k.store_id = i.store_id AND k.item_id = i.id
     WHERE s.id = $1 AND NOT i.archived AND (i.sold_out OR (k.remaining = 0 AND NOT (
       i.daily_limit IS NOT NULL AND k.day < business_day(now(), s.time_zone, s.day_starts_hour))))`,
    [storeId],
    'read-sold-out',
  );
  return rows.map(({ id }) => id);
}
