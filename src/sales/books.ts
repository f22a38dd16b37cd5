import type { Queryable } from '../platform/db/pool.ts';
import type { Figure, StoreDay } from './figures.ts';

/**
 * Whoever moves postings from `sales_due` into the books, or sets a day right, holds this until its transaction ends: a statement
 * after it sees either all of another's move or nothing of it.
 */
export async function lockBooks(tx: Queryable): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('matjip sales books'))`, [], 'lock-books');
}

const SUMS = 'orders bigint, portions bigint, total bigint';

/** The columns of each book that name its row, after store and day. */
const BOOKS = {
  day: { table: 'sales_day', key: [], types: '' },
  quarter: { table: 'sales_quarter', key: ['quarter'], types: 'quarter timestamptz,' },
  item: {
    table: 'sales_item',
    key: ['item_id', 'station', 'name_ko', 'name_en'],
    types: 'item_id uuid, station text, name_ko text, name_en text,',
  },
  station: { table: 'sales_station', key: ['station'], types: 'station text,' },
} as const;

/**
 * Adds figures to the books, a statement a book. Rows are taken in the order of their keys, so that two who add wait for each other
 * and do not deadlock; no statement here reads a partitioned table (ADR 9).
 */
export async function addFigures(tx: Queryable, figures: readonly Figure[]): Promise<void> {
  if (figures.length === 0) return;
  const json = JSON.stringify(
    figures.map((figure) => ({
      ...figure,
      store_id: figure.storeId,
      ...(figure.kind === 'item' && { item_id: figure.itemId, name_ko: figure.nameKo, name_en: figure.nameEn }),
    })),
  );
  await Promise.all(
    Object.entries(BOOKS).map(([kind, { table, key, types }]) => {
      const named = ['store_id', 'day', ...key].join(', ');
      return tx.query(
        `INSERT INTO ${table} AS b (${named}, orders, portions, total)
         SELECT ${named}, orders, portions, total
         FROM json_to_recordset($1::json) AS f (kind text, store_id uuid, day date, ${types} ${SUMS})
         WHERE kind = '${kind}' ORDER BY ${named}
         ON CONFLICT (${named}) DO UPDATE SET orders = b.orders + excluded.orders,
           portions = b.portions + excluded.portions, total = b.total + excluded.total
           ${kind === 'day' ? ', closed_at = NULL' : ''}`,
        [json],
        `add-${kind}-figures`,
      );
    }),
  );
}

/** Makes the books say this of a day, and nothing else. The caller holds the lock of the books since before it read the figures. */
export async function replaceDay(tx: Queryable, { storeId, day }: StoreDay, figures: readonly Figure[]): Promise<void> {
  const values = [storeId, day];
  await Promise.all([
    tx.query(
      `INSERT INTO sales_day (store_id, day, orders, portions, total) VALUES ($1, $2, 0, 0, 0)
       ON CONFLICT (store_id, day) DO UPDATE SET orders = 0, portions = 0, total = 0`,
      values,
    ),
    ...[BOOKS.quarter, BOOKS.item, BOOKS.station].map(({ table }) =>
      tx.query(`DELETE FROM ${table} WHERE store_id = $1 AND day = $2`, values),
    ),
    addFigures(tx, figures),
  ]);
}
