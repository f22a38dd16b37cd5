import type { Db, Queryable } from '../platform/db/pool.ts';
import { firstDay, type Month, type MonthTable } from './months.ts';

/** Names come from the catalogue, and one may hold anything. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The ids of a month, the second not among them. */
export async function boundsOf(db: Queryable, month: Month): Promise<{ readonly from: string; readonly to: string }> {
  const { rows } = await db.query<{ from: string; to: string }>(
    `SELECT uuid_v7_floor($1::date::timestamp AT TIME ZONE 'UTC') AS "from",
       uuid_v7_floor(($1::date + interval '1 month') AT TIME ZONE 'UTC') AS "to"`,
    [firstDay(month)],
  );
  return rows[0]!;
}

/**
 * Takes tables off, so that nobody reads or writes their rows any more; they stay as tables. Nobody who orders or reads waits for
 * it: it waits for them (`CONCURRENTLY`). What somebody was killed at is finished.
 * @throws 55P03 when somebody reads for longer than the lock's time-out: it is to be tried again
 */
export async function takeOff(db: Queryable, tables: readonly MonthTable[]): Promise<void> {
  // One after another: each waits for those who read that table.
  for (const { parent, name, state } of tables) {
    if (state === 'apart') continue;
    // Citus has no such waiting: there whoever uses the table at that moment is waited for with the others behind.
    const how = state === 'leaving' ? 'FINALIZE' : db.isSharded ? '' : 'CONCURRENTLY';
    await db.query(`ALTER TABLE ${quoted(parent)} DETACH PARTITION ${quoted(name)} ${how}`);
  }
}

/** Puts a month's tables back, all at once, and says that it is here again. */
export async function putBack(
  db: Db,
  month: Month,
  tables: readonly Pick<MonthTable, 'parent' | 'name'>[],
): Promise<void> {
  const { from, to } = await boundsOf(db, month);
  await db.transaction(async (tx) => {
    for (const { parent, name } of tables) {
      await tx.query(
        `ALTER TABLE ${quoted(parent)} ATTACH PARTITION ${quoted(name)} FOR VALUES FROM ('${from}') TO ('${to}')`,
      );
    }
    await tx.query('DELETE FROM archived_month WHERE month = $1', [firstDay(month)]);
    // A kind of rows that came after the archive was written.
    await tx.query('SELECT ensure_order_partitions($1, $1)', [firstDay(month)]);
  });
}
