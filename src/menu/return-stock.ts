import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import type { Announcer, LockStores } from './ports.ts';

/** Stores of one transaction: each is locked for it, so orders of at most so many stores wait for some milliseconds. */
const STORES_AT_ONCE = 50;

/** The store's business day of a moment, as `businessDay` computes it in TypeScript. */
const TODAY = `(($1::timestamptz AT TIME ZONE s.time_zone) - s.day_starts_hour * interval '1 hour')::date`;

const OUTDATED = `k.day < ${TODAY} AND i.daily_limit IS NOT NULL AND NOT i.archived`;

/**
 * Gives every limited dish whose store has begun a new business day its portions again. What was returned today is
 * left alone, so it may run at any time and as often as it likes; a batch at a time, each under its stores' locks.
 * @returns how many stores got portions
 */
export function createReturnStock(db: Db, lockStores: LockStores, announcer: Announcer, now: Clock) {
  const returnSome = (): Promise<number> =>
    db.transaction(async (tx) => {
      const moment = new Date(now());
      const { rows } = await tx.query<{ id: string }>(
        `SELECT DISTINCT s.id FROM store s JOIN stock k ON k.store_id = s.id
         JOIN item i ON i.store_id = k.store_id AND i.id = k.item_id
         WHERE ${OUTDATED} ORDER BY s.id LIMIT ${STORES_AT_ONCE}`,
        [moment],
        'stores-of-yesterday',
      );
      const ids = rows.map((row) => row.id);
      if (ids.length === 0) return 0;
      await lockStores(tx, ids);
      await tx.query(
        `WITH returned AS (
           UPDATE stock k SET remaining = i.daily_limit, day = ${TODAY}
           FROM store s, item i
           WHERE k.store_id = ANY ($2::uuid[]) AND s.id = k.store_id AND i.store_id = k.store_id AND i.id = k.item_id
             AND ${OUTDATED}
           RETURNING k.store_id
         )
         UPDATE store_head SET menu_version = menu_version + 1, stock_version = stock_version + 1
         WHERE store_id IN (SELECT store_id FROM returned)`,
        [moment, ids],
        'return-stock-of-day',
      );
      await announcer.announce(
        tx,
        ids.map((storeId) => ({ kind: 'menu', storeId })),
      );
      return ids.length;
    });

  return async (): Promise<number> => {
    let stores = 0;
    for (;;) {
      const some = await returnSome();
      stores += some;
      if (some < STORES_AT_ONCE) return stores;
    }
  };
}
