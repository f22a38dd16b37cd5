import type { Queryable } from '../platform/db/pool.ts';

/*
 * What is offered and what was sold of limited dishes, for all who change it but the order intake: see ADR 19. All of it runs
 * under the lock of the stores that it names.
 */

/**
 * Portions of a dish in a store's orders of a day, less those that came back, from the orders themselves: for the moment when
 * a dish that nobody counted begins to be counted. Reads the store's orders of that day. The bounds of the ids hold a day in any
 * time zone and a day that a client's clock may be off, so that few partitions are read.
 */
const soldOn = (store: string, item: string, day: string): string =>
  `(SELECT coalesce(sum(l.quantity), 0)::int FROM orders o
    JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id AND l.item_id = ${item}
    WHERE o.store_id = ${store} AND o.day = ${day}
      AND o.id BETWEEN uuid_v7_floor(${day}::timestamp - interval '2 days') AND uuid_v7_floor(${day}::timestamp + interval '4 days')
      AND l.order_id BETWEEN uuid_v7_floor(${day}::timestamp - interval '2 days')
        AND uuid_v7_floor(${day}::timestamp + interval '4 days')
      AND NOT EXISTS (SELECT FROM order_event e WHERE e.store_id = ${store} AND e.order_id = o.id AND e.status = 'cancelled'
        AND coalesce(e.portions_returned, true)))`;

/** A store and its business day, as `YYYY-MM-DD`. */
export interface StoreDay {
  readonly storeId: string;
  readonly day: string;
}

/**
 * Turns counts of earlier days: dishes with a daily limit have their portions again, in a new count; what a person counted by
 * hand goes on. What was turned already is left alone, so it may run late and as often as it likes. Does the same as `countOn` of
 * the orders' room.
 * @returns the stores where something was turned
 */
export async function turnCounts(tx: Queryable, days: readonly StoreDay[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `WITH turned AS (
       UPDATE stock k SET day = t.day, sold = 0,
         count = k.count + (i.daily_limit IS NOT NULL AND NOT i.archived)::int,
         offered = CASE WHEN i.daily_limit IS NOT NULL AND NOT i.archived THEN i.daily_limit ELSE k.offered - k.sold END
       FROM unnest($1::uuid[], $2::date[]) AS t (store_id, day)
       JOIN item i ON i.store_id = t.store_id
       WHERE k.store_id = t.store_id AND k.item_id = i.id AND k.day < t.day
       RETURNING k.store_id
     )
     SELECT DISTINCT store_id AS id FROM turned`,
    [days.map(({ storeId }) => storeId), days.map(({ day }) => day)],
    'turn-counts',
  );
  return rows.map(({ id }) => id);
}

/** What may still be sold of a dish; null: any number. */
export async function readRemaining(tx: Queryable, storeId: string, itemId: string): Promise<number | null> {
  const { rows } = await tx.query<{ remaining: number | null }>(
    'SELECT remaining FROM stock WHERE store_id = $1 AND item_id = $2',
    [storeId, itemId],
    'read-remaining',
  );
  return rows[0]?.remaining ?? null;
}

/**
 * Says how many portions of a dish there are now; null: any number. A count that a person corrects goes on, so that portions
 * taken from it still return. Where nothing was limited a new count begins, and what was ordered before returns nothing to it.
 * The count must be of this `day` already, see {@link turnCounts}.
 */
export async function setRemaining(
  tx: Queryable,
  { storeId, day }: StoreDay,
  itemId: string,
  remaining: number | null,
): Promise<void> {
  if (remaining === null) {
    await tx.query('UPDATE stock SET offered = NULL WHERE store_id = $1 AND item_id = $2', [storeId, itemId]);
    return;
  }
  const { rowCount } = await tx.query(
    `UPDATE stock SET count = count + (offered IS NULL)::int, offered = sold + $3 WHERE store_id = $1 AND item_id = $2`,
    [storeId, itemId, remaining],
    'set-remaining',
  );
  if (rowCount > 0) return;
  await tx.query(
    `INSERT INTO stock (store_id, item_id, day, offered, sold)
     SELECT $1, $2, $4, $3 + sold, sold FROM (SELECT ${soldOn('$1::uuid', '$2::uuid', '$4::date')} AS sold) today`,
    [storeId, itemId, remaining, day],
    'begin-count',
  );
}

/** A limited dish's code and portions a day. */
export interface DailyLimit {
  readonly code: string;
  readonly daily_limit: number;
}

/** The daily limits of a store's dishes, before they change. */
export async function readLimits(tx: Queryable, storeId: string): Promise<DailyLimit[]> {
  const { rows } = await tx.query<DailyLimit>(
    'SELECT code, daily_limit FROM item WHERE store_id = $1 AND NOT archived AND daily_limit IS NOT NULL',
    [storeId],
  );
  return rows;
}

/**
 * Follows the daily limits that have changed since `before`; a dish whose limit stayed is left alone, so that what a person set by
 * hand is not forgotten. What was sold today stays whatever changes: raised from 50 to 60 with 3 left, 13 are left; from 50 to
 * unlimited and back to 50, 3 are left, less what was sold meanwhile. The counts must be of this `day` already.
 * @returns how many counts changed
 */
export async function followLimits(
  tx: Queryable,
  { storeId, day }: StoreDay,
  before: readonly DailyLimit[],
): Promise<number> {
  const { rows } = await tx.query<{ changed: number }>(
    `WITH changed AS MATERIALIZED (
       SELECT i.id, before.daily_limit AS old, CASE WHEN NOT i.archived THEN i.daily_limit END AS new
       FROM item i LEFT JOIN jsonb_to_recordset($2::jsonb) AS before (code text, daily_limit int) ON before.code = i.code
       WHERE i.store_id = $1 AND before.daily_limit IS DISTINCT FROM CASE WHEN NOT i.archived THEN i.daily_limit END
     ), counted AS (
       UPDATE stock s SET offered = CASE
         WHEN c.new IS NULL OR c.old IS NULL OR s.offered IS NULL THEN c.new
         ELSE s.offered + c.new - c.old END
       FROM changed c WHERE s.store_id = $1 AND s.item_id = c.id
       RETURNING 1
     ), begun AS (
       INSERT INTO stock (store_id, item_id, day, offered, sold)
       SELECT $1, c.id, $3, c.new, ${soldOn('$1::uuid', 'c.id', '$3::date')}
       FROM changed c WHERE c.new IS NOT NULL
         AND NOT EXISTS (SELECT FROM stock s WHERE s.store_id = $1 AND s.item_id = c.id)
       RETURNING 1
     )
     SELECT (SELECT count(*) FROM counted) + (SELECT count(*) FROM begun) AS changed`,
    [storeId, JSON.stringify(before), day],
  );
  return rows[0]!.changed;
}
