import { lockableTogether } from '../../platform/db/citus/lockable-together.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import { CLOCK_SKEW_HOURS } from '../clock-skew.ts';
import type { LockStores } from '../ports.ts';
import type { AddedPortions } from './queries.ts';

/** Nobody cooks any more what was ordered so long ago: a screen that was not tapped at the end of the evening fills no kitchen. */
const FORGOTTEN_HOURS = 6;
/** Orders without tickets are younger: the job that makes them is late by seconds. */
const TICKETS_LATE_MINUTES = 30;
const IDS_FROM = `uuid_v7_floor(now() - interval '${FORGOTTEN_HOURS + CLOCK_SKEW_HOURS} hours')`;

/** Portions that these stores have open, by the tickets and by the orders that have none yet. */
async function countOpen(tx: Queryable, storeIds: readonly string[]): Promise<AddedPortions[]> {
  const { rows } = await tx.query<AddedPortions>(
    `SELECT store_id AS "storeId", station, sum(portions)::int AS portions FROM (
       SELECT t.store_id, t.station, (SELECT sum((l ->> 'quantity')::int) FROM jsonb_array_elements(t.lines) l) AS portions
       FROM ticket t WHERE t.store_id = ANY($1::uuid[]) AND t.status IN ('placed', 'cooking')
         AND t.placed_at >= now() - interval '${FORGOTTEN_HOURS} hours' AND t.order_id >= ${IDS_FROM}
       UNION ALL
       SELECT o.store_id, i.station, l.quantity FROM orders o
       JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id AND l.order_id >= ${IDS_FROM}
       JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id
       WHERE o.store_id = ANY($1::uuid[]) AND o.status = 'placed' AND o.id >= ${IDS_FROM}
         AND o.placed_at >= now() - interval '${TICKETS_LATE_MINUTES} minutes'
         AND NOT EXISTS (SELECT FROM ticket t WHERE t.store_id = o.store_id AND t.order_id = o.id)
     ) open GROUP BY store_id, station`,
    [storeIds],
  );
  return rows;
}

/**
 * Counts and writes down what these stores have open; their locks are held. The stations' rows are locked before anything is counted: a
 * ticket that moves meanwhile is either seen as moved, or takes its portions out afterwards.
 */
export async function recount(tx: Queryable, storeIds: readonly string[]): Promise<void> {
  await Promise.all(
    lockableTogether(tx, storeIds).map((ids) =>
      tx.query(
        'SELECT FROM station_pace WHERE store_id = ANY($1::uuid[]) ORDER BY store_id, station FOR UPDATE',
        [ids],
        'lock-stations',
      ),
    ),
  );
  const open = await countOpen(tx, storeIds);
  await tx.query(
    `UPDATE station_pace s SET open = coalesce(t.portions, 0)
     FROM station_pace k LEFT JOIN unnest($2::uuid[], $3::text[], $4::int[]) AS t (store_id, station, portions)
       ON t.store_id = k.store_id AND t.station = k.station
     WHERE k.store_id = ANY($1::uuid[]) AND s.store_id = k.store_id AND s.station = k.station
       AND s.open <> coalesce(t.portions, 0)`,
    [
      storeIds,
      open.map(({ storeId }) => storeId),
      open.map(({ station }) => station),
      open.map(({ portions }) => portions),
    ],
  );
}

/** Stores of one transaction: each is locked for it, so their orders wait for some milliseconds. */
const STORES_AT_ONCE = 50;

/**
 * Counts the open portions of all stores with pacing anew. The counts are exact by themselves; what they cannot know is that
 * yesterday's tickets will never be cooked, or that a dish has moved to another station meanwhile.
 * @returns how many stores were counted
 */
export function createRecount(db: Db, lockStores: LockStores) {
  return async (): Promise<number> => {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let counted = 0; ; ) {
      const some = await db.transaction(async (tx) => {
        const { rows } = await tx.query<{ storeId: string }>(
          `SELECT DISTINCT store_id AS "storeId" FROM station_pace WHERE store_id > $1 AND open > 0
           ORDER BY store_id LIMIT ${STORES_AT_ONCE}`,
          [after],
        );
        const storeIds = rows.map(({ storeId }) => storeId);
        if (storeIds.length === 0) return storeIds;
        await lockStores(tx, storeIds);
        await recount(tx, storeIds);
        return storeIds;
      });
      counted += some.length;
      if (some.length < STORES_AT_ONCE) return counted;
      after = some.at(-1)!;
    }
  };
}
