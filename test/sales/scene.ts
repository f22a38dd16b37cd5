import { BOUNDS } from '../../src/config.ts';
import { type Db, openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { postDue, type Rollup, scheduledRollup } from '../../src/sales/index.ts';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { makeStore, type TestStore } from '../support/store.ts';

export type Dish = 'stew' | 'beer' | 'soju';

export interface Shop {
  readonly store: TestStore<Dish>;
  readonly timeZone: string;
  readonly dayStartsHour: number;
}

/** One order as the test remembers it, whatever the database says. */
export interface Sold {
  readonly shop: Shop;
  readonly id: string;
  readonly atMs: number;
  readonly lines: readonly { readonly dish: Dish; readonly quantity: number; readonly unitPrice: number }[];
  cancelled: boolean;
}

export interface Scene {
  readonly url: string;
  readonly db: Db;
  shop(timeZone: string, dayStartsHour?: number): Promise<Shop>;
  /** Puts an order on the disk as the intake does at this moment. @param keyOffMs how far the phone's clock is off */
  sell(shop: Shop, atMs: number, lines: Sold['lines'], rollup?: Rollup, keyOffMs?: number): Promise<Sold>;
  cancel(sold: Sold, rollup?: Rollup): Promise<void>;
  post(): Promise<number>;
  /** Every row of the books. */
  books(): Promise<unknown>;
}

export async function openScene(t: Lifetime): Promise<Scene> {
  const { url } = await testDatabase();
  // A hundred tables in one statement take their time on a busy machine.
  const db = openDb({ ...PATIENT, url, connectionsMax: 4, statementTimeoutMs: 60_000 });
  atEndOf(t, () => db.close());
  await db.query(`SELECT ensure_order_partitions('2026-01-01', '2026-12-01')`);
  let shops: Promise<unknown> = Promise.resolve();
  return {
    url,
    db,
    async shop(timeZone, dayStartsHour = 4) {
      const make = async () => {
        const store = await makeStore(db, {
          stew: { price: 9_000, station: 'soup' },
          beer: { price: 5_000, station: 'drinks' },
          soju: { price: 4_500, station: 'drinks' },
        });
        await db.query('UPDATE store SET time_zone = $2, day_starts_hour = $3 WHERE id = $1', [
          store.id,
          timeZone,
          dayStartsHour,
        ]);
        return { store, timeZone, dayStartsHour };
      };
      // One after the other: on a cluster whoever changes a store locks all stores and then all brands, and a new one the other way round.
      const one = shops.then(make, make);
      shops = one;
      return one;
    },
    async sell(shop, atMs, lines, rollup = scheduledRollup, keyOffMs = 0) {
      const id = newId(atMs + keyOffMs);
      await db.transaction(async (tx) => {
        await insertOrder(tx, shop, id, atMs, lines);
        await rollup.placed(tx, [{ storeId: shop.store.id, id }]);
      });
      return { shop, id, atMs, lines, cancelled: false };
    },
    async cancel(sold, rollup = scheduledRollup) {
      sold.cancelled = true;
      await db.transaction(async (tx) => {
        await tx.query(`UPDATE orders SET status = 'cancelled' WHERE id = $1`, [sold.id]);
        await rollup.cancelled(tx, { storeId: sold.shop.store.id, id: sold.id });
      });
    },
    post: () => postDue(db, BOUNDS.batch.postingsMax),
    books: () => readBooks(db),
  };
}

async function insertOrder(tx: Queryable, shop: Shop, id: string, atMs: number, lines: Sold['lines']): Promise<void> {
  const { store } = shop;
  const at = new Date(atMs);
  await tx.query(
    `INSERT INTO orders (store_id, id, number, day, total, placed_at, promised_at, request_hash)
     VALUES ($1, $2, 1, business_day($3::timestamptz, $4, $5), $6, $3, $3, '\\x00')`,
    [
      store.id,
      id,
      at,
      shop.timeZone,
      shop.dayStartsHour,
      lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
    ],
  );
  for (const [index, { dish, quantity, unitPrice }] of lines.entries()) {
    await tx.query(
      `INSERT INTO order_line (store_id, order_id, line, item_id, quantity, unit_price) VALUES ($1, $2, $3, $4, $5, $6)`,
      [store.id, id, index + 1, store.dishes[dish].id, quantity, unitPrice],
    );
  }
}

/** All rows that say something, in a fixed order; not when they were looked at. */
export async function readBooks(db: Db): Promise<Record<string, object[]>> {
  const books: Record<string, object[]> = {};
  for (const [table, key] of Object.entries({
    sales_day: '',
    sales_quarter: ', quarter',
    sales_item: ', item_id, station, name_ko, name_en',
    sales_station: ', station',
  })) {
    const { rows } = await db.query(
      `SELECT store_id, day${key}, orders, portions, total FROM ${table}
       WHERE (orders, portions, total) <> (0, 0, 0) ORDER BY store_id, day${key}`,
    );
    books[table] = rows;
  }
  return books;
}

/** The same as the books should be, by nothing but what the test remembers and the calendar of the language. */
export function booksOf(all: readonly Sold[]): Record<string, object[]> {
  const sums = new Map<
    string,
    { row: Record<string, unknown>; orders: Set<string>; portions: number; total: number }
  >();
  const add = (table: string, key: Record<string, unknown>, sold: Sold, lines: Sold['lines']) => {
    const name = JSON.stringify([table, key]);
    const sum = sums.get(name) ?? { row: { table, ...key }, orders: new Set(), portions: 0, total: 0 };
    sum.orders.add(sold.id);
    for (const { quantity, unitPrice } of lines) {
      sum.portions += quantity;
      sum.total += quantity * unitPrice;
    }
    sums.set(name, sum);
  };
  for (const sold of all) {
    if (sold.cancelled) continue;
    const { store } = sold.shop;
    const key = { store_id: store.id, day: dayOf(sold) };
    add('sales_day', key, sold, sold.lines);
    add('sales_quarter', { ...key, quarter: new Date(sold.atMs - (sold.atMs % 900_000)) }, sold, sold.lines);
    for (const [dish, lines] of Map.groupBy(sold.lines, (line) => line.dish)) {
      const item = { item_id: store.dishes[dish].id, station: stationOf(dish), name_ko: `요리 ${dish}`, name_en: dish };
      add('sales_item', { ...key, ...item }, sold, lines);
    }
    for (const [station, lines] of Map.groupBy(sold.lines, (line) => stationOf(line.dish))) {
      add('sales_station', { ...key, station }, sold, lines);
    }
  }
  const books: Record<string, object[]> = { sales_day: [], sales_quarter: [], sales_item: [], sales_station: [] };
  for (const { row, orders, portions, total } of sums.values()) {
    const { table, ...key } = row;
    books[table as string]!.push({ ...key, orders: orders.size, portions, total });
  }
  for (const rows of Object.values(books)) rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return books;
}

const stationOf = (dish: Dish): string => (dish === 'stew' ? 'soup' : 'drinks');

function dayOf({ atMs, shop }: Sold): string {
  const wall = new Intl.DateTimeFormat('sv-SE', {
    timeZone: shop.timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(atMs);
  const date = wall.slice(0, 10);
  if (Number(wall.slice(11, 13)) >= shop.dayStartsHour) return date;
  return new Date(Date.parse(date) - 24 * 3_600_000).toISOString().slice(0, 10);
}
