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
  const { rows } = await db.query<{ from: string; to: string }>(
    `SELECT ${FROM}::text AS from, ${TO}::text AS to
     WHERE is_night_at_stores(now()) OR to_regclass(to_char(now() + interval '7 days', '"orders_"YYYY_MM')) IS NULL`,
  );
  for (const { from, to } of rows) await makeMonths(db, from, to);
}

/** By one statement, or each table by one of its own where stores are spread over machines: there it holds up those who write to it. */
async function makeMonths(db: Queryable, from: string, to: string): Promise<void> {
  if (!db.isSharded) return void (await db.query('SELECT ensure_order_partitions($1::date, $2::date)', [from, to]));
  const { rows } = await db.query<{ name: string; month: string }>(
    `SELECT t.name, m::date::text AS month
     FROM generate_series(date_trunc('month', $1::timestamp), $2::timestamp, interval '1 month') AS m, monthly_table t
     WHERE to_regclass(format('%I', t.name || to_char(m, '_YYYY_MM'))) IS NULL ORDER BY m, t.name`,
    [from, to],
  );
  for (const { name, month } of rows) await db.query('SELECT ensure_month_table($1, $2::date)', [name, month]);
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
      const days = group.map(({ id }) => new Date(idTimeMs(id)).toISOString().slice(0, 10)).sort();
      log.error({ message: 'A partition was missing; it is made on the spot.', reason: (error as Error).message });
      making ??= makeMonths(db, days[0]!, days.at(-1)!).finally(() => {
        making = undefined;
      });
      await making;
      return takeOrders(group, options);
    }
  };
}
