import type { Db, Queryable } from '../platform/db/pool.ts';
import { lockBooks, replaceDay } from './books.ts';
import { type Beside, type Compared, compareDay, type Figure, type StoreDay } from './figures.ts';

/** A figure of the books that is not what the orders say. */
export interface Difference extends StoreDay {
  readonly what: string;
  readonly books: string;
  readonly orders: string;
}

/**
 * Compares every figure of a store's day with its orders, to the last won, and sets the day right where they differ.
 * @param isOver the day takes no more orders, so that it is closed when its figures are right
 * @param sliceOrders orders of one statement; unset: as many as are read best
 * @returns what was wrong; empty when all was right
 */
export async function auditDay(db: Db, day: StoreDay, isOver: boolean, sliceOrders?: number): Promise<Difference[]> {
  const compared = await db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    return compareDay(tx, day, { beside: secondReader(db, tx), sliceOrders });
  });
  const found = differences(day, compared);
  // Under the lock it is read again: something may have been posted since, or its month been archived.
  if (found.length > 0 && !(await rebuildDay(db, day))) return [];
  const { orders, portions, total } = compared.orders.find(({ kind }) => kind === 'day') ?? NOTHING;
  await db.query(
    // Closed as what was compared, or not at all: what was posted meanwhile has not been looked at.
    `UPDATE sales_day SET audited_at = $7,
       closed_at = CASE WHEN $3 AND (orders, portions, total) = ($4::bigint, $5::bigint, $6::bigint) THEN coalesce(closed_at, $7) END
     WHERE store_id = $1 AND day = $2`,
    [day.storeId, day.day, isOver, orders, portions, total, compared.at],
    'note-audit',
  );
  return found;
}

/**
 * A second transaction with the snapshot of the first (`pg_export_snapshot`), so that two cores read one state of the database. None where
 * stores are spread over machines: a snapshot is one machine's.
 */
function secondReader(db: Db, tx: Queryable): Beside | undefined {
  if (tx.isSharded) return undefined;
  return async (work) => {
    const { rows } = await tx.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
    await db.transaction(async (second) => {
      await second.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      await second.query(`SET TRANSACTION SNAPSHOT '${rows[0]!.snapshot}'`);
      await work(second);
    });
  };
}

const NOTHING = { orders: 0, portions: 0, total: 0 };

/**
 * Makes the books of a day anew out of its orders. What is due meanwhile stays due.
 * @returns false when its orders are not here any more: then it says what it said
 */
export function rebuildDay(db: Db, day: StoreDay): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockBooks(tx);
    if (day.day < (await firstDayHere(tx))) return false;
    const { orders, books } = await compareDay(tx, day);
    if (orders.length + books.length > 0) await replaceDay(tx, day, orders);
    return true;
  });
}

function differences(day: StoreDay, { orders, books }: Compared): Difference[] {
  const said = new Map(books.filter(isSomething).map((figure) => [nameOf(figure), sumsOf(figure)]));
  const true_ = new Map(orders.filter(isSomething).map((figure) => [nameOf(figure), sumsOf(figure)]));
  return [...new Set([...true_.keys(), ...said.keys()])]
    .filter((what) => said.get(what) !== true_.get(what))
    .map((what) => ({ ...day, what, books: said.get(what) ?? 'nothing', orders: true_.get(what) ?? 'nothing' }));
}

const isSomething = ({ orders, portions, total }: Figure): boolean => orders !== 0 || portions !== 0 || total !== 0;

const sumsOf = ({ orders, portions, total }: Figure): string => `${orders} orders, ${portions} portions, ${total}`;

function nameOf(figure: Figure): string {
  switch (figure.kind) {
    case 'day':
      return 'the day';
    case 'quarter':
      return `the quarter of ${figure.quarter}`;
    case 'station':
      return `station ${figure.station}`;
    case 'item':
      return `dish ${figure.itemId} as '${figure.nameKo}', '${figure.nameEn}' at ${figure.station}`;
  }
}

/** The first day whose orders are all here: those before were archived, and only the books remember them. */
export async function firstDayHere(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ day: string }>(
    // Two days into the oldest month, because an id may be a day off its order and a day has another date elsewhere. A month that
    // was restored between others that were not is read by people, and not audited.
    `SELECT (greatest(min(to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM')),
         (SELECT (max(month) + interval '1 month')::date FROM archived_month)) + 2)::text AS day
     FROM pg_inherits WHERE inhparent = 'orders'::regclass`,
  );
  return rows[0]!.day;
}
