import type { Db } from '../platform/db/pool.ts';
import { KEPT_HOURS } from './windows.ts';

/** Two days more than any window reads, whatever a clock says. */
const FORGOTTEN_HOURS = KEPT_HOURS + 48;
/** Places of one statement; each gives up a day at most, so it is some ten thousand rows. */
const PLACES_AT_ONCE = 50;

/**
 * Forgets the counts that no ranking reads any more. In batches of a day of fifty places by their key, rather than by partitions:
 * whoever reads what changed asks by the number of the change, which is in every month, and would look into each partition.
 * @returns how many counts
 */
export async function forgetHours(db: Db): Promise<number> {
  let forgotten = 0;
  for (const { table, id, heads } of [
    { table: 'ranking_hour', id: 'store_id', heads: 'ranking_head' },
    { table: 'ranking_wide_hour', id: 'place', heads: 'ranking_wide_head' },
  ]) {
    const { rows } = await db.query<{ place: string }>(`SELECT ${id} AS place FROM ${heads} ORDER BY 1`);
    for (let first = 0; first < rows.length; first += PLACES_AT_ONCE) {
      const places = rows.slice(first, first + PLACES_AT_ONCE).map(({ place }) => place);
      for (;;) {
        // Apart: where stores are spread over machines, a statement that deletes reckons with no row's time.
        const { rows: old } = await db.query<{ until: string | null }>(
          `SELECT least(min(hour) + interval '1 day', now() - interval '${FORGOTTEN_HOURS} hours')::text AS until FROM ${table}
           WHERE ${id} = ANY ($1::uuid[]) AND hour < now() - interval '${FORGOTTEN_HOURS} hours' HAVING count(*) > 0`,
          [places],
        );
        if (!old[0]) break;
        const { rowCount } = await db.query(`DELETE FROM ${table} WHERE ${id} = ANY ($1::uuid[]) AND hour < $2`, [
          places,
          old[0].until,
        ]);
        forgotten += rowCount;
      }
    }
  }
  return forgotten;
}
