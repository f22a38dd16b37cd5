import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import { nextBoundary } from '../../platform/opening-hours.ts';
import type { Announcer, LockStores } from '../ports.ts';
import { notNow } from './not-now.ts';
import { parseHours } from './read-hours.ts';

/** Looked at again after so long, whatever the hours say: days on which clocks change, a store's other time zone, a weekday's name. */
const LOOK_MS = 3_600_000;
/** A boundary that is past when it is reckoned, in an hour that clocks leave out, is looked for so often. */
const AGAIN_MS = 60_000;
/** Stores of one question. */
const STORES_AT_ONCE = 50;

/**
 * Writes down what of a store's menu is served at a moment, and when that must be looked at again. Under the store's lock.
 * @returns whether guests see another menu now
 */
export async function setTurn(tx: Queryable, storeId: string, timeZone: string, nowMs: number): Promise<boolean> {
  const { rows } = await tx.query<{ id: string; hours: string }>(
    `SELECT i.id, coalesce(i.hours, c.hours) AS hours
     FROM item i JOIN category c ON c.store_id = i.store_id AND c.id = i.category_id
     WHERE i.store_id = $1 AND NOT i.archived AND coalesce(i.hours, c.hours) IS NOT NULL ORDER BY i.id`,
    [storeId],
    'hours-of-dishes',
  );
  const { rows: before } = await tx.query<{ shown: string }>(
    'SELECT shown FROM menu_turn WHERE store_id = $1',
    [storeId],
    'menu-shown',
  );
  if (rows.length === 0) {
    if (before.length > 0) await tx.query('DELETE FROM menu_turn WHERE store_id = $1', [storeId], 'no-turns');
    return before.length > 0;
  }
  const all = [...new Set(rows.map(({ hours }) => hours))];
  const words = new Map(all.map((hours) => [hours, notNow(hours, timeZone, nowMs)?.words.ko]));
  const shown = createHash('sha256')
    .update(JSON.stringify(rows.map(({ id, hours }) => [id, words.get(hours) ?? null])))
    .digest('base64url');
  const edges = all.map((hours) => nextBoundary(parseHours(hours), timeZone, nowMs) ?? Number.POSITIVE_INFINITY);
  const next = Math.min(...edges, nowMs + LOOK_MS);
  await tx.query(
    `INSERT INTO menu_turn (store_id, turned_at, turns_at, shown) VALUES ($1, $2, $3, $4)
     ON CONFLICT (store_id) DO UPDATE SET turned_at = excluded.turned_at, turns_at = excluded.turns_at, shown = excluded.shown`,
    [storeId, new Date(nowMs), new Date(next > nowMs ? next : nowMs + AGAIN_MS), shown],
    'set-turn',
  );
  return before[0]?.shown !== shown;
}

/**
 * Gives menus a new version where a dish's hours have begun or ended. Whoever asks for versions, twice a second for all menus that are
 * read, finds those that are due; the minute's batch finds the others. However many ask, a menu turns once, and for nobody's request.
 * @param storeIds unset: all that are due
 * @returns how many guests see another menu of
 */
export function createTurnMenus(db: Db, lockStores: LockStores, announcer: Announcer, now: Clock) {
  async function turn(storeId: string): Promise<boolean> {
    return db.transaction(async (tx) => {
      await lockStores(tx, [storeId]);
      const { rows } = await tx.query<{ turnsAt: Date; timeZone: string }>(
        `SELECT t.turns_at AS "turnsAt", s.time_zone AS "timeZone"
         FROM menu_turn t JOIN store s ON s.id = t.store_id WHERE t.store_id = $1`,
        [storeId],
        'turn-of-store',
      );
      const due = rows[0];
      // Somebody else was first.
      if (!due || due.turnsAt.getTime() > now()) return false;
      if (!(await setTurn(tx, storeId, due.timeZone, now()))) return false;
      await tx.query(
        'UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = $1',
        [storeId],
        'menu-turned',
      );
      await announcer.announce(tx, [{ kind: 'menu', storeId }]);
      return true;
    });
  }

  return async (storeIds?: readonly string[]): Promise<number> => {
    let turned = 0;
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const { rows } = await db.query<{ id: string }>(
        `SELECT store_id AS id FROM menu_turn
         WHERE turns_at <= $1 AND store_id > $2 AND ($3::uuid[] IS NULL OR store_id = ANY ($3)) ORDER BY store_id LIMIT ${STORES_AT_ONCE}`,
        [new Date(now()), after, storeIds ?? null],
        'menus-due',
      );
      // One store a transaction, so that its orders wait for no other's.
      for (const { id } of rows) {
        if (await turn(id)) turned += 1;
        after = id;
      }
      if (rows.length < STORES_AT_ONCE) return turned;
    }
  };
}
