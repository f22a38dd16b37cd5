import type { Db, Queryable } from '../platform/db/pool.ts';
import { isMissingPartition } from '../platform/db/refusals.ts';
import { idTimeMs } from '../platform/id.ts';
import type { TakeOrders } from './take-orders.ts';

/** The database's clock; three months, so that a quarter of failures still loses nothing. */
const FROM = `(now() - interval '2 days')::date`;
const TO = `(now() + interval '3 months')::date`;

/**
 * Makes the next partitions at the stores' night, or at once when the next week has none.
 * @throws the database's error, such as 55P03 when another ATTACH is under way: it is to be tried again
 */
export async function makePartitions(db: Queryable): Promise<void> {
  await db.query(
    `SELECT ensure_order_partitions(${FROM}, ${TO})
     WHERE is_night_at_stores(now()) OR to_regclass(to_char(now() + interval '7 days', '"orders_"YYYY_MM')) IS NULL`,
  );
}

/**
 * Makes a partition that is missing when an order needs it, and takes the group again: a scheduled job that has failed for three
 * months must not close the shops.
 */
export function makingPartitions(takeOrders: TakeOrders, db: Db, log: { error(details: object): void }): TakeOrders {
  /** One at a time: all groups miss the same. */
  let making: Promise<unknown> | undefined;
  return async (group, options) => {
    try {
      return await takeOrders(group, options);
    } catch (error) {
      if (!isMissingPartition(error)) throw error;
      const days = group.map(({ id }) => new Date(idTimeMs(id)));
      log.error({ message: 'A partition was missing; it is made on the spot.', reason: (error as Error).message });
      making ??= db
        .query('SELECT ensure_order_partitions(min(day)::date, max(day)::date) FROM unnest($1::timestamptz[]) AS day', [
          days,
        ])
        .finally(() => {
          making = undefined;
        });
      await making;
      return takeOrders(group, options);
    }
  };
}
