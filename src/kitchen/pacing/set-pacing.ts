import type { PacingRequest } from '../../contract/index.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import type { LockStores } from '../ports.ts';
import { recount } from './count-open.ts';

/**
 * Sets how a store promises and what its stations can have open. `fixed` without a station is no pacing at all. What was learned stays.
 * A station that is not named keeps no limit.
 */
export function createSetPacing(db: Db, lockStores: LockStores) {
  return (storeId: string, { strategy, stations }: PacingRequest): Promise<void> =>
    db.transaction(async (tx) => {
      await lockStores(tx, [storeId]);
      if (strategy === 'fixed' && stations.length === 0) {
        await tx.query('DELETE FROM store_pace WHERE store_id = $1', [storeId], 'end-pacing');
        await markPaced(tx, storeId, false);
        return;
      }
      await tx.query(
        `INSERT INTO store_pace (store_id, strategy) VALUES ($1, $2)
         ON CONFLICT (store_id) DO UPDATE SET strategy = excluded.strategy`,
        [storeId, strategy],
        'set-pacing',
      );
      // Those that the menu has are counted from now on, also where nobody limits them.
      await tx.query(
        `INSERT INTO station_pace (store_id, station, capacity)
         SELECT $1, station, max(capacity) FROM (
           SELECT station, NULL::int AS capacity FROM item WHERE store_id = $1 AND NOT archived
           UNION ALL SELECT * FROM unnest($2::text[], $3::int[])
           UNION ALL SELECT station, NULL FROM station_pace WHERE store_id = $1) AS wanted
         GROUP BY station
         ON CONFLICT (store_id, station) DO UPDATE SET capacity = excluded.capacity`,
        [storeId, stations.map(({ station }) => station), stations.map(({ capacity }) => capacity)],
        'set-stations',
      );
      await markPaced(tx, storeId, true);
      await recount(tx, [storeId]);
    });
}

async function markPaced(tx: Queryable, storeId: string, isPaced: boolean): Promise<void> {
  await tx.query('UPDATE store_head SET is_paced = $2 WHERE store_id = $1', [storeId, isPaced], 'mark-paced');
}
