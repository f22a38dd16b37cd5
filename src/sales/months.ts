import type { Db, Queryable } from '../platform/db/pool.ts';
import { firstDayHere } from './audit.ts';
import { lockBooks } from './books.ts';
import { postDue } from './post.ts';

/** The orders of a month, by their ids, `to` not among them. */
interface MonthIds {
  readonly from: string;
  readonly to: string;
}

/**
 * The books, for whoever archives a month's orders: they keep what they say of it for good, so nobody may post from orders that are half
 * gone, or set a day right by them.
 * @param postingsMax of one transaction
 */
export function booksOfMonths(db: Db, postingsMax: number) {
  return {
    /** Posts everything that is due. @returns how many postings that were */
    post: (): Promise<number> => postDue(db, postingsMax),
    /** Nobody posts while this works. */
    hold: <T>(work: () => Promise<T>): Promise<T> =>
      db.transaction(async (tx) => {
        await lockBooks(tx);
        return work();
      }),
    /** @returns why these orders cannot leave yet; undefined: they can */
    needs: (ids: MonthIds): Promise<string | undefined> => whyNeeded(db, ids),
  };
}

async function whyNeeded(db: Queryable, { from, to }: MonthIds): Promise<string | undefined> {
  const { rows } = await db.query<{ due: boolean; open: string | null }>(
    // A day has another date elsewhere, and an id may be a day off its order. Days before the first one here cannot be closed.
    `SELECT EXISTS (SELECT 1 FROM sales_due WHERE order_id >= $1::uuid AND order_id < $2::uuid) AS due,
       (SELECT min(day)::text FROM sales_day WHERE closed_at IS NULL AND day >= $3
          AND day BETWEEN uuid_v7_time($1)::date - 2 AND uuid_v7_time($2)::date + 1) AS open`,
    [from, to, await firstDayHere(db)],
  );
  const { due, open } = rows[0]!;
  if (due) return 'an order of it was placed or cancelled a moment ago and is not in the books yet';
  if (open !== null)
    return `the books of ${open} are not closed: 'matjip batch run sales-close' says why, or closes them`;
  return undefined;
}
