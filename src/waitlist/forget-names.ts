import { businessDay, type Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { lockHead } from './parties.ts';

/** Lines of one run, and names of one line: what is beyond has its turn an hour later. */
const STORES_MAX = 500;
const NAMES_MAX = 20_000;

interface DueStore {
  readonly id: string;
  readonly timeZone: string;
  readonly dayStartsHour: number;
}

/**
 * The scheduled job, once an hour: a name in the waiting line is for being called by, so it is forgotten when the party's business day
 * is over. Under the line's lock, as all changes of parties. Running it twice changes nothing.
 * @returns how many names were forgotten
 */
export function createForgetNames(db: Db, now: Clock) {
  return async (): Promise<number> => {
    const nowMs = now();
    let forgotten = 0;
    // A query in a loop: each line has a lock of its own.
    for (const { id, timeZone, dayStartsHour } of await readDue(db, nowMs)) {
      const today = businessDay(nowMs, timeZone, dayStartsHour);
      forgotten += await db.transaction(async (tx) => {
        await lockHead(tx, id);
        return forget(tx, id, today);
      });
    }
    return forgotten;
  };
}

async function readDue(db: Queryable, nowMs: number): Promise<DueStore[]> {
  const { rows } = await db.query<DueStore>(
    `SELECT DISTINCT s.id, s.time_zone AS "timeZone", s.day_starts_hour AS "dayStartsHour"
     FROM party p JOIN store s ON s.id = p.store_id
     WHERE p.name IS NOT NULL AND p.day < business_day($1, s.time_zone, s.day_starts_hour) ORDER BY s.id LIMIT $2`,
    [new Date(nowMs), STORES_MAX],
    'names-due',
  );
  return rows;
}

async function forget(tx: Queryable, storeId: string, today: string): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE party p SET name = NULL
     FROM (SELECT id FROM party WHERE store_id = $1 AND name IS NOT NULL AND day < $2 LIMIT $3) over
     WHERE p.store_id = $1 AND p.id = over.id`,
    [storeId, today, NAMES_MAX],
    'forget-names',
  );
  return rowCount ?? 0;
}
