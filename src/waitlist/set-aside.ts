import { businessDay, type Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { lockHead, writeHead } from './parties.ts';
import type { Announcer } from './ports.ts';
import { CALL_HELD_MS } from './rules.ts';

/** Lines of one run; those beyond have their turn a minute later. */
const STORES_MAX = 500;

/**
 * The scheduled job, once a minute: who was called and did not come within the time is set aside, so that nobody waits for a ghost;
 * and who is still in the line when its business day is over has gone home. Running it twice changes nothing.
 */
export function createSetAside(db: Db, announcer: Announcer, now: Clock) {
  return async (): Promise<void> => {
    const nowMs = now();
    // A query in a loop: each line has a lock of its own, and few have anything to do.
    for (const store of await readDue(db, nowMs)) {
      const today = businessDay(nowMs, store.timeZone, store.dayStartsHour);
      await db.transaction((tx) => setAside(tx, announcer, store.id, { today, nowMs }));
    }
  };
}

interface DueStore {
  readonly id: string;
  readonly timeZone: string;
  readonly dayStartsHour: number;
}

/** Stores where a call is over, or where those who wait were not looked through yet on this business day. */
async function readDue(db: Queryable, nowMs: number): Promise<DueStore[]> {
  const { rows } = await db.query<DueStore>(
    `SELECT s.id, s.time_zone AS "timeZone", s.day_starts_hour AS "dayStartsHour" FROM store s
     WHERE s.id IN (
       SELECT p.store_id FROM party p
       WHERE p.state = 'called' AND p.called_at <= $1 AND p.id >= uuid_v7_floor($2::timestamptz - interval '3 days')
       UNION
       SELECT h.store_id FROM waitlist_head h JOIN store t ON t.id = h.store_id
       WHERE h.waiting > 0 AND h.cleared_day < business_day($2, t.time_zone, t.day_starts_hour))
     ORDER BY s.id LIMIT $3`,
    [new Date(nowMs - CALL_HELD_MS), new Date(nowMs), STORES_MAX],
    'lines-due',
  );
  return rows;
}

async function setAside(
  tx: Queryable,
  announcer: Announcer,
  storeId: string,
  { today, nowMs }: { readonly today: string; readonly nowMs: number },
): Promise<void> {
  const head = await lockHead(tx, storeId);
  if (!head) return;
  const { rows } = await tx.query<{ id: string; size: number; waited: boolean }>(
    `UPDATE party p SET state = 'no-show', ended_at = $4
     FROM (SELECT id, state FROM party p WHERE p.store_id = $1 AND p.id >= uuid_v7_floor($4::timestamptz - interval '3 days')
           AND (p.state = 'called' AND (p.called_at <= $2 OR p.day < $3) OR p.state = 'waiting' AND p.day < $3)) due
     WHERE p.store_id = $1 AND p.id = due.id AND p.id >= uuid_v7_floor($4::timestamptz - interval '3 days')
     RETURNING p.id, p.size, due.state = 'waiting' AS waited`,
    [storeId, new Date(nowMs - CALL_HELD_MS), today, new Date(nowMs)],
    'set-aside',
  );
  await tx.query('UPDATE waitlist_head SET cleared_day = $2 WHERE store_id = $1', [storeId, today], 'clear-line');
  if (rows.length === 0) return;
  const gone = rows.filter(({ waited }) => waited).length;
  await Promise.all([
    writeHead(tx, storeId, { ...head, waiting: head.waiting - gone }),
    announcer.announce(tx, [
      {
        kind: 'waitlist',
        storeId,
        version: head.version + 1,
        moves: rows.length > MOVES_MAX ? null : rows.map(({ id, size }) => ({ id, size, position: null })),
      },
    ]),
  ]);
}

/** A message of more would be too long for one notification; whoever keeps a copy reads it anew. */
const MOVES_MAX = 50;
