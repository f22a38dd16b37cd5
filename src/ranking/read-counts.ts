import type { Queryable } from '../platform/db/pool.ts';
import { HOUR_NUMBER } from './count-orders.ts';
import { type HourCount, idOf, kindOf, type Place, type TruthPart } from './ports.ts';
import { HOUR_MS } from './windows.ts';

/** Both kinds of places have the same two tables. */
const TABLES = {
  store: { counts: 'ranking_hour', heads: 'ranking_head', id: 'store_id' },
  wide: { counts: 'ranking_wide_hour', heads: 'ranking_wide_head', id: 'place' },
} as const;

const tablesOf = (place: Place) => TABLES[kindOf(place)];

/** Counts of one part: one script of Redis, which nobody else's command interrupts, some milliseconds long. */
const PART_MAX = 4_000;

/**
 * What changed of a place's counts after a change, in parts that can each be kept by itself.
 * @param sinceHour what is older is left out
 */
export async function* readCounts(
  db: Queryable,
  place: Place,
  after: number,
  sinceHour: number,
): AsyncGenerator<TruthPart> {
  const { counts, heads, id } = tablesOf(place);
  let last: [seq: number, hour: number, itemId: string] = [after + 1, 0, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    // The head and the counts by one statement, so that they are of one moment.
    const { rows } = await db.query<{
      readAt: number;
      seq: number | null;
      hour: number;
      itemId: string;
      portions: number;
    }>(
      `WITH changed AS (
         SELECT seq, hour, item_id, quantity FROM ${counts}
         WHERE ${id} = $1 AND seq >= $2 AND (seq, hour, item_id) > ($2, to_timestamp($3), $4::uuid)
           AND hour >= to_timestamp($5)
         ORDER BY seq, hour, item_id LIMIT ${PART_MAX}
       )
       SELECT coalesce((SELECT seq FROM ${heads} WHERE ${id} = $1), 0) AS "readAt",
         c.seq, ${HOUR_NUMBER} AS hour, c.item_id AS "itemId", c.quantity AS portions
       FROM (SELECT) one LEFT JOIN changed c ON true ORDER BY c.seq, c.hour, c.item_id`,
      [idOf(place), last[0], (last[1] * HOUR_MS) / 1000, last[2], (sinceHour * HOUR_MS) / 1000],
      `read-${counts}`,
    );
    const { readAt } = rows[0]!;
    const found = rows.filter(({ seq }) => seq !== null);
    const end = found.at(-1);
    const isLast = found.length < PART_MAX;
    yield {
      place,
      counts: found.map(({ hour, itemId, portions }): HourCount => [hour, itemId, portions]),
      // Of a change that the end of this part may have cut, only a part is here.
      upTo: isLast ? readAt : end!.seq! - 1,
      readAt,
      isLast,
    };
    if (isLast) return;
    last = [end!.seq!, end!.hour, end!.itemId];
  }
}

/** The last change of each of these places, by one statement a kind; of a place that has none 0. */
export async function readHeads(db: Queryable, places: readonly Place[]): Promise<number[]> {
  const seqs = new Map<Place, number>();
  for (const kind of ['store', 'wide'] as const) {
    const ids = places.filter((place) => kindOf(place) === kind).map(idOf);
    if (ids.length === 0) continue;
    const { heads, id } = TABLES[kind];
    const { rows } = await db.query<{ id: string; seq: number }>(
      `SELECT ${id} AS id, seq FROM ${heads} WHERE ${id} = ANY($1::uuid[])`,
      [ids],
      `read-${heads}`,
    );
    for (const row of rows) seqs.set(`${kind}/${row.id}`, row.seq);
  }
  return places.map((place) => seqs.get(place) ?? 0);
}

/** Every place that has counts. */
export async function listPlaces(db: Queryable): Promise<Place[]> {
  const { rows } = await db.query<{ place: Place }>(
    `SELECT 'store/' || store_id AS place FROM ranking_head WHERE seq > 0
     UNION ALL SELECT 'wide/' || place FROM ranking_wide_head`,
  );
  return rows.map(({ place }) => place);
}
