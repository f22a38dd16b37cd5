import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { type StoreDay, turnCounts } from './counts.ts';
import type { Announcer, LockStores } from './ports.ts';

/** Stores of one transaction: each is locked for it, so orders of at most so many stores wait for some milliseconds. */
const STORES_AT_ONCE = 50;

const TODAY = 'business_day($1::timestamptz, s.time_zone, s.day_starts_hour)';

/**
 * Gives every dish with a daily limit whose store has begun a new business day its portions again, for those who look at the
 * menu: the first order of the day does it for itself. What was returned today is left alone, so it may run at any time and as
 * often as it likes; a batch at a time, each under its stores' locks.
 * @returns how many stores got portions
 */
export function createReturnStock(db: Db, lockStores: LockStores, announcer: Announcer, now: Clock) {
  const returnSome = (): Promise<{ readonly found: number; readonly turned: number }> =>
    db.transaction(async (tx) => {
      const { rows } = await tx.query<StoreDay>(
        `SELECT DISTINCT s.id AS "storeId", ${TODAY} AS day FROM store s JOIN stock k ON k.store_id = s.id
         JOIN item i ON i.store_id = k.store_id AND i.id = k.item_id
         WHERE k.day < ${TODAY} AND i.daily_limit IS NOT NULL AND NOT i.archived
         ORDER BY s.id LIMIT ${STORES_AT_ONCE}`,
        [new Date(now())],
        'stores-of-yesterday',
      );
      if (rows.length === 0) return { found: 0, turned: 0 };
      await lockStores(
        tx,
        rows.map(({ storeId }) => storeId),
      );
      const turned = await turnCounts(tx, rows);
      await tx.query(
        'UPDATE store_head SET stock_version = stock_version + 1 WHERE store_id = ANY ($1::uuid[])',
        [turned],
        'stock-returned',
      );
      await announcer.announce(
        tx,
        turned.map((storeId) => ({ kind: 'menu', storeId })),
      );
      return { found: rows.length, turned: turned.length };
    });

  return async (): Promise<number> => {
    let stores = 0;
    for (;;) {
      const { found, turned } = await returnSome();
      stores += turned;
      if (found < STORES_AT_ONCE) return stores;
    }
  };
}
