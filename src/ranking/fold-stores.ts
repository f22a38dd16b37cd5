import { lockableTogether } from '../platform/db/citus/lockable-together.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { type Counted, HOUR_NUMBER, toChanges } from './count-orders.ts';
import { type CountChange, EVERYBODY, idOf } from './ports.ts';
import { KEPT_HOURS } from './windows.ts';

/** Stores of one transaction: their counting waits for it, some milliseconds each. */
const STORES_AT_ONCE = 50;

/**
 * Folds what stores counted since the last time into the counts of their brand and of everybody: once a minute, so that no order
 * and no cancel waits for a row that stores share. A dish of a brand is one dish however many stores sell it under its code.
 * It may run twice at once and be killed at any moment: what was folded is written down in the same transaction.
 * @param changed is called after each commit
 */
export async function foldStores(db: Db, changed: (changes: readonly CountChange[]) => Promise<void>): Promise<void> {
  for (;;) {
    const changes = await db.transaction((tx) => foldSome(tx));
    if (changes === undefined) return;
    await changed(changes);
  }
}

/** @returns undefined when nothing was left to fold */
async function foldSome(tx: Queryable): Promise<CountChange[] | undefined> {
  const { rows: stores } = await tx.query<{ id: string }>(
    `SELECT store_id AS id FROM ranking_head WHERE folded < seq ORDER BY store_id LIMIT ${STORES_AT_ONCE}`,
  );
  if (stores.length === 0) return undefined;
  const ids = stores.map(({ id }) => id);
  // A statement of its own: what the next one reads is then as new as the lock. Whoever else folds these waits, and finds them done.
  await Promise.all(
    lockableTogether(tx, ids).map((some) =>
      tx.query('SELECT FROM ranking_head WHERE store_id = ANY($1::uuid[]) ORDER BY store_id FOR UPDATE', [some]),
    ),
  );
  await tx.query(
    `INSERT INTO ranking_dish (brand_id, code, store_id, item_id)
     SELECT DISTINCT ON (s.brand_id, i.code) s.brand_id, i.code, i.store_id, i.id
     FROM ranking_head h JOIN ranking_hour r ON r.store_id = h.store_id AND r.seq > h.folded
     JOIN store s ON s.id = h.store_id JOIN item i ON i.store_id = r.store_id AND i.id = r.item_id
     WHERE h.store_id = ANY($1::uuid[]) AND r.hour > now() - interval '${KEPT_HOURS + 1} hours'
     ORDER BY s.brand_id, i.code, i.id
     ON CONFLICT DO NOTHING`,
    [ids],
  );
  const { rows } = await tx.query<Counted>(
    `WITH sold AS MATERIALIZED (
       SELECT r.store_id, r.hour, r.item_id, r.quantity - r.folded AS quantity, s.brand_id, d.item_id AS dish
       FROM ranking_head h JOIN ranking_hour r ON r.store_id = h.store_id AND r.seq > h.folded
       JOIN store s ON s.id = h.store_id JOIN item i ON i.store_id = r.store_id AND i.id = r.item_id
       JOIN ranking_dish d ON d.brand_id = s.brand_id AND d.code = i.code
       WHERE h.store_id = ANY($1::uuid[]) AND r.hour > now() - interval '${KEPT_HOURS + 1} hours'
         AND r.quantity <> r.folded
     ), folded AS (
       UPDATE ranking_hour r SET folded = r.quantity FROM sold s
       WHERE r.store_id = s.store_id AND r.hour = s.hour AND r.item_id = s.item_id
     ), noted AS (
       UPDATE ranking_head SET folded = seq WHERE store_id = ANY($1::uuid[])
     ), wide AS MATERIALIZED (
       SELECT place, hour, dish, sum(quantity)::int AS quantity
       FROM sold CROSS JOIN LATERAL (VALUES (brand_id), ($2::uuid)) AS p (place) GROUP BY 1, 2, 3
     ), heads AS (
       INSERT INTO ranking_wide_head (place, seq) SELECT DISTINCT place, 1 FROM wide ORDER BY 1
       ON CONFLICT (place) DO UPDATE SET seq = ranking_wide_head.seq + 1 RETURNING place, seq
     ), counted AS (
       INSERT INTO ranking_wide_hour (place, hour, item_id, quantity, seq)
       SELECT w.place, w.hour, w.dish, w.quantity, h.seq FROM wide w JOIN heads h ON h.place = w.place ORDER BY 1, 2, 3
       ON CONFLICT (place, hour, item_id)
       DO UPDATE SET quantity = ranking_wide_hour.quantity + excluded.quantity, seq = excluded.seq
     )
     SELECT w.place AS id, h.seq, ${HOUR_NUMBER} AS hour, w.dish AS "itemId", w.quantity AS portions
     FROM wide w JOIN heads h ON h.place = w.place`,
    [ids, idOf(EVERYBODY)],
  );
  return toChanges('wide', rows);
}
