import type { Db, Queryable } from '../platform/db/pool.ts';
import { addFigures, lockBooks } from './books.ts';
import { type Posting, readFigures } from './figures.ts';
import type { OrderRef } from './ports.ts';

/** What happens to the books because an order was placed or cancelled, inside that transaction. */
export interface Rollup {
  /** Whether `placed` sends all of its statements before any is answered. */
  readonly sendsAtOnce: boolean;
  placed(tx: Queryable, orders: readonly OrderRef[]): Promise<void>;
  cancelled(tx: Queryable, order: OrderRef): Promise<void>;
}

/** `ROLLUP=scheduled`: it is written down that it is due, by one statement for the whole group, and the batch posts it. */
export const scheduledRollup: Rollup = {
  sendsAtOnce: true,
  placed: (tx, orders) => noteDue(tx, orders, 1),
  cancelled: (tx, order) => noteDue(tx, [order], -1),
};

/** `ROLLUP=per-order`: the books are kept by the order's own transaction, while its guest and the store's lock wait. */
export const perOrderRollup: Rollup = {
  sendsAtOnce: false,
  placed: (tx, orders) => post(tx, weigh(orders, 1)),
  cancelled: (tx, order) => post(tx, weigh([order], -1)),
};

const weigh = (orders: readonly OrderRef[], weight: number): Posting[] =>
  orders.map(({ storeId, id }) => ({ storeId, id, weight }));

async function post(tx: Queryable, postings: readonly Posting[]): Promise<void> {
  await addFigures(tx, await readFigures(tx, postings));
}

async function noteDue(tx: Queryable, orders: readonly OrderRef[], weight: 1 | -1): Promise<void> {
  // The arrays as text of our own, as in the order's statements: ids need no quotes.
  await tx.query(
    'INSERT INTO sales_due (store_id, order_id, weight) SELECT s, o, $3 FROM unnest($1::uuid[], $2::uuid[]) AS k (s, o)',
    [`{${orders.map(({ storeId }) => storeId).join()}}`, `{${orders.map(({ id }) => id).join()}}`, weight],
    'note-sales-due',
  );
}

/**
 * Posts all that is due, the oldest first, so many a transaction: what was taken out of `sales_due` is in the books if and only if
 * that transaction committed, so it may be killed anywhere and run as often as anybody likes.
 * @returns how many postings there were
 */
export async function postDue(db: Db, atOnceMax: number): Promise<number> {
  let posted = 0;
  for (;;) {
    const taken = await db.transaction(async (tx) => {
      await lockBooks(tx);
      const due = await takeDue(tx, atOnceMax);
      await post(tx, sumUp(due));
      return due.length;
    });
    posted += taken;
    if (taken < atOnceMax) return posted;
  }
}

async function takeDue(tx: Queryable, limit: number): Promise<Posting[]> {
  const { rows } = await tx.query<Posting>(
    // By their time rather than by LIMIT, which a distributed table cannot delete with; those of one transaction have the same.
    `DELETE FROM sales_due WHERE at <= (
       SELECT max(at) FROM (SELECT at FROM sales_due ORDER BY at LIMIT $1) oldest)
     RETURNING store_id AS "storeId", order_id AS id, weight`,
    [limit],
    'take-sales-due',
  );
  return rows;
}

/** An order that was cancelled before it was posted is nothing. */
function sumUp(due: readonly Posting[]): Posting[] {
  const byOrder = new Map<string, Posting>();
  for (const posting of due) {
    const key = posting.storeId + posting.id;
    byOrder.set(key, { ...posting, weight: posting.weight + (byOrder.get(key)?.weight ?? 0) });
  }
  return [...byOrder.values()].filter(({ weight }) => weight !== 0);
}
