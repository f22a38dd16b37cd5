import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/pool.ts';
import { closeMerged } from '../move/merged-tables.ts';
import type { Announcer, LockStores } from '../ports.ts';
import { billMessages } from '../table-bills.ts';

/** Stores of one transaction: each is locked for it, so orders of at most so many stores wait for some milliseconds. */
const STORES_AT_ONCE = 50;

const IS_OVER = `b.closed_at IS NULL AND b.table_label IS NOT NULL
  AND business_day(b.opened_at, s.time_zone, s.day_starts_hour) < business_day($1::timestamptz, s.time_zone, s.day_starts_hour)`;

/**
 * Ends the visits that a business day left open, so that a shop which settles its bills elsewhere begins each day with free tables. What is
 * still due stays on the list of what is not settled. A batch of stores at a time, each under its lock; it may run at any time, be killed
 * anywhere and run again.
 * @returns how many visits it ended
 */
export function createEndVisits(db: Db, lockStores: LockStores, announcer: Announcer, now: Clock) {
  const endSome = (): Promise<{ readonly stores: number; readonly visits: number }> =>
    db.transaction(async (tx) => {
      const at = new Date(now());
      const { rows } = await tx.query<{ id: string }>(
        `SELECT DISTINCT b.store_id AS id FROM bill b JOIN store s ON s.id = b.store_id WHERE ${IS_OVER}
         ORDER BY b.store_id LIMIT ${STORES_AT_ONCE}`,
        [at],
        'stores-with-visits-of-yesterday',
      );
      if (rows.length === 0) return { stores: 0, visits: 0 };
      const ids = rows.map(({ id }) => id);
      await lockStores(tx, ids);
      const ended = await tx.query<{ storeId: string; billId: string }>(
        `UPDATE bill b SET closed_at = $1, asked_orders = NULL, asked_portions = NULL, asked_unpaid = NULL, version = b.version + 1
         FROM store s WHERE s.id = b.store_id AND b.store_id = ANY($2::uuid[]) AND ${IS_OVER}
         RETURNING b.store_id AS "storeId", b.id AS "billId"`,
        [at, ids],
        'end-visits',
      );
      await closeMerged(tx, ended.rows, at);
      await announcer.announce(tx, billMessages(ended.rows));
      return { stores: rows.length, visits: ended.rows.length };
    });

  return async (): Promise<number> => {
    let all = 0;
    for (;;) {
      const { stores, visits } = await endSome();
      all += visits;
      if (stores < STORES_AT_ONCE) return all;
    }
  };
}
