import type { Db, Queryable } from '../../platform/db/pool.ts';
import { LINE_LIVES_MS, type LineExchange, type LineNews, type SharedLine } from './line-exchange.ts';

/**
 * A row a store and second, in a table that is not written to the log: a few statements each tick of a process that has a line, and
 * none without. A crash of the database empties it.
 */
export function createPostgresLineExchange(db: Db): LineExchange {
  return {
    share: (news) =>
      db.transaction(async (tx) => {
        const storeIds = news.map(({ storeId }) => storeId);
        const unheard = await takeTurns(tx, news);
        // In one order, so that two processes wait for each other and never deadlock.
        const rows = news
          .filter(({ teller }) => unheard.has(teller))
          .flatMap(({ storeId, counts }) => [...counts].map(([slot, count]) => ({ storeId, slot, ...count })))
          .sort((one, other) =>
            one.storeId < other.storeId ? -1 : one.storeId > other.storeId ? 1 : one.slot - other.slot,
          );
        // Sent together: each is seen by the next, and whoever waits for one after the other takes a turn of the event loop for each.
        const [, , found, tellers] = await Promise.all([
          tx.query(
            `DELETE FROM line_slot s USING unnest($1::uuid[], $2::bigint[]) AS n (store_id, done_before)
             WHERE s.store_id = n.store_id AND (s.slot < n.done_before OR NOT EXISTS (
               SELECT FROM line_slot l WHERE l.store_id = s.store_id
                 AND l.seen_at > clock_timestamp() - $3 * interval '1 millisecond'))`,
            [storeIds, news.map(({ doneBefore }) => doneBefore), LINE_LIVES_MS],
            'line-over',
          ),
          rows.length > 0 &&
            tx.query(
              `INSERT INTO line_slot (store_id, slot, arrived, admitted)
               SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::int[])
               ON CONFLICT (store_id, slot) DO UPDATE SET seen_at = clock_timestamp(),
                 arrived = line_slot.arrived + excluded.arrived, admitted = line_slot.admitted + excluded.admitted`,
              [
                rows.map((row) => row.storeId),
                rows.map((row) => row.slot),
                rows.map((row) => row.arrived),
                rows.map((row) => row.admitted),
              ],
              'line-counts',
            ),
          tx.query<{ store_id: string; slot: number | string; arrived: number; admitted: number }>(
            'SELECT store_id, slot, arrived, admitted FROM line_slot WHERE store_id = ANY($1::uuid[])',
            [storeIds],
            'line-all',
          ),
          tx.query<{ store_id: string; teller: string; turn: number; came: number }>(
            'SELECT store_id, teller, turn, came FROM line_teller WHERE store_id = ANY($1::uuid[])',
            [storeIds],
            'line-tellers',
          ),
        ]);
        const lines = new Map(storeIds.map((storeId) => [storeId, { counts: new Map(), tellers: new Map() }]));
        for (const { store_id, slot, ...count } of found.rows) lines.get(store_id)!.counts.set(Number(slot), count);
        for (const { store_id, teller, ...told } of tellers.rows) lines.get(store_id)!.tellers.set(teller, told);
        return lines as ReadonlyMap<string, SharedLine>;
      }),
  };
}

/** @returns who tells something that was not added yet */
async function takeTurns(tx: Queryable, news: readonly LineNews[]): Promise<ReadonlySet<string>> {
  const telling = news
    .filter(({ counts }) => counts.size > 0)
    .sort((one, other) => (one.storeId < other.storeId ? -1 : 1));
  if (telling.length === 0) return new Set();
  const gone = tx.query(
    `DELETE FROM line_teller WHERE (store_id, teller) IN (
       SELECT store_id, teller FROM line_teller
       WHERE store_id = ANY($1::uuid[]) AND told_at < clock_timestamp() - $2 * interval '1 millisecond'
       FOR UPDATE SKIP LOCKED)`,
    [telling.map(({ storeId }) => storeId), LINE_LIVES_MS],
    'line-tellers-gone',
  );
  const told = tx.query<{ teller: string }>(
    `INSERT INTO line_teller (store_id, teller, turn, came) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[])
     ON CONFLICT (store_id, teller) DO UPDATE SET turn = excluded.turn, came = excluded.came, told_at = clock_timestamp()
       WHERE line_teller.turn < excluded.turn
     RETURNING teller`,
    [
      telling.map(({ storeId }) => storeId),
      telling.map(({ teller }) => teller),
      telling.map(({ turn }) => turn),
      telling.map(({ came }) => came),
    ],
    'line-turns',
  );
  const [{ rows }] = await Promise.all([told, gone]);
  return new Set(rows.map(({ teller }) => teller));
}
