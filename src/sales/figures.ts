import { byStore, type Only } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';

/** Takes an order into the books with a weight of 1, and out of them with -1. */
export interface Posting {
  readonly storeId: string;
  readonly id: string;
  readonly weight: number;
}

interface Sum {
  readonly storeId: string;
  /** The business day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly orders: number;
  readonly portions: number;
  /** In the currency's minor unit. */
  readonly total: number;
}

/** What is in the books, or what is to be added to them. */
export type Figure = Sum &
  (
    | { readonly kind: 'day' }
    /** `quarter`: the beginning of a quarter of an hour, as Postgres writes UTC. */
    | { readonly kind: 'quarter'; readonly quarter: string }
    | {
        readonly kind: 'item';
        readonly itemId: string;
        readonly station: string;
        readonly nameKo: string;
        readonly nameEn: string;
      }
    | { readonly kind: 'station'; readonly station: string }
  );

/**
 * What these orders add to the books, each with its weight; read only, so it may prune partitions (ADR 9). `posting` is a query for
 * `store_id, id, day, total, placed_at, weight` of orders; $1 are their stores, $2 and $3 the smallest and the largest id among them.
 *
 * A dish's name and station are those of the moment of the order: of its former ones the first that was given up after it.
 *
 * An order of a dish in two lines is one order of that dish, and one of two dishes of a station one of that station. So all lines are
 * sorted by `line`, the order's number and, within it, that of the dish, which count station by station: a line counts as an order where
 * its dish, or its station, is not that of the line before. One pass and no second grouping: that wrote a large day to the disk three
 * times over. And one number to sort by: ids and numbers apart took twice the time.
 *
 * @param sameStore whether two rows are of one store; `true` where all are: of how many rows of a CTE have a given store the planner
 * knows nothing, and believes in one
 */
const figuresOf = (posting: string, only: Only, sameStore: (one: string, other: string) => string): string => `
  posting AS MATERIALIZED (
    SELECT p.*, row_number() OVER () << 32 AS o, date_bin('15 minutes', placed_at, '2000-01-01Z') AS quarter FROM (${posting}) p
  ),
  named AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY store_id, station, item_id, until) AS n,
      dense_rank() OVER (ORDER BY store_id, station) AS station_n,
      coalesce(lag(until) OVER (PARTITION BY item_id, store_id ORDER BY until), '-infinity') AS since
    FROM (SELECT store_id, item_id, name_ko, name_en, station, until FROM item_former
          UNION ALL SELECT store_id, id, name_ko, name_en, station, 'infinity' FROM item) n
    WHERE ${only('n')} AND store_id IN (SELECT DISTINCT store_id FROM posting)
  ),
  sold AS MATERIALIZED (
    SELECT store_id, day, quarter, n, sum(weight) FILTER (WHERE line <> coalesce(line_before, 0)) AS item_orders,
      sum(weight) FILTER (WHERE at_station <> coalesce(station_before, 0)) AS station_orders,
      sum(portions) AS portions, sum(portions * unit_price) AS total
    FROM (
      SELECT l.*, lag(line) OVER by_line AS line_before, lag(at_station) OVER by_line AS station_before
      FROM (
        SELECT p.store_id, p.day, p.quarter, p.weight, p.weight * l.quantity AS portions, l.unit_price::bigint, d.n, p.o + d.n AS line,
          p.o + d.station_n AS at_station
        FROM posting p JOIN order_line l
          ON ${sameStore('l', 'p')} AND ${only('l')} AND l.order_id = p.id AND l.order_id BETWEEN $2::uuid AND $3::uuid
          -- Of a dish that staff took off the order nothing was sold.
          AND l.quantity > 0
        LEFT JOIN named d
          ON d.item_id = l.item_id AND ${sameStore('d', 'l')} AND p.placed_at >= d.since AND p.placed_at < d.until
      ) l WINDOW by_line AS (ORDER BY line)
    ) l GROUP BY store_id, day, quarter, n
  ),
  quarter AS MATERIALIZED (
    SELECT store_id, day, quarter, sum(orders) AS orders, sum(portions) AS portions, sum(total) AS total
    FROM (SELECT store_id, day, quarter, weight AS orders, 0 AS portions, weight * total AS total FROM posting
          UNION ALL SELECT store_id, day, quarter, 0, portions, 0 FROM sold) q
    GROUP BY store_id, day, quarter
  ),
  figure AS (
    SELECT 'day' AS kind, store_id, day, NULL::timestamptz AS quarter, NULL::uuid AS item_id, NULL AS station,
      NULL AS name_ko, NULL AS name_en, sum(orders) AS orders, sum(portions) AS portions, sum(total) AS total
    FROM quarter GROUP BY store_id, day
    UNION ALL
    SELECT 'quarter', store_id, day, quarter, NULL, NULL, NULL, NULL, orders, portions, total FROM quarter
    UNION ALL
    SELECT 'item', s.store_id, day, NULL, item_id, station, name_ko, name_en, coalesce(sum(item_orders), 0), sum(portions), sum(total)
    FROM sold s JOIN named USING (n) GROUP BY s.store_id, day, item_id, station, name_ko, name_en
    UNION ALL
    SELECT 'station', s.store_id, day, NULL, NULL, station, NULL, NULL, coalesce(sum(station_orders), 0), sum(portions), sum(total)
    FROM sold s JOIN named USING (n) GROUP BY s.store_id, day, station
  )`;

const COLUMNS = `kind, store_id AS "storeId", day::text, (quarter AT TIME ZONE 'UTC')::text || 'Z' AS quarter,
  item_id AS "itemId", station, name_ko AS "nameKo", name_en AS "nameEn", orders::float8, portions::float8, total::float8`;

/** What these orders add to the books. */
export async function readFigures(tx: Queryable, postings: readonly Posting[]): Promise<Figure[]> {
  if (postings.length === 0) return [];
  return byStore(tx, postings, (some, only) => readSome(tx, some, only));
}

async function readSome(tx: Queryable, postings: readonly Posting[], only: Only): Promise<Figure[]> {
  const ids = postings.map(({ id }) => id).sort();
  const { rows } = await tx.query<Figure>(
    // In a step that the planner must not turn round, and not prepared, for the reasons that `makeTickets` gives.
    `WITH ${figuresOf(
      `SELECT o.store_id, o.id, o.day, o.total, o.placed_at, k.weight
       FROM unnest($1::uuid[], $4::uuid[], $5::int[]) AS k (store_id, id, weight) CROSS JOIN LATERAL (
         SELECT * FROM orders o
         WHERE o.store_id = k.store_id AND ${only('o')} AND o.id = k.id AND o.id BETWEEN $2::uuid AND $3::uuid OFFSET 0) o`,
      only,
      (one, other) => `${one}.store_id = ${other}.store_id`,
    )}
     SELECT ${COLUMNS} FROM figure`,
    [
      postings.map(({ storeId }) => storeId),
      ids[0],
      ids.at(-1),
      postings.map(({ id }) => id),
      postings.map(({ weight }) => weight),
    ],
  );
  return rows;
}

/** One store's business day. */
export interface StoreDay {
  readonly storeId: string;
  readonly day: string;
}

/** Of one sort or hash, until the transaction ends: with Postgres' own 4 MB a slice's lines are sorted on disk. */
const SORT_MEMORY = '64MB';

/**
 * A day is read in slices of so many orders, whose sorts and hashes stay in memory and near the processor: all of a million at once
 * took four times as long. Fewer would be a statement for each few orders.
 */
const SLICE_ORDERS = 50_000;

/** The figures of a day twice: as its orders say, and as the books do. */
export interface Compared {
  /** When they were, by the database's clock. */
  readonly at: Date;
  readonly orders: readonly Figure[];
  readonly books: readonly Figure[];
}

/** Runs work on a second connection, which sees of the database what the first one does. It may never come to it. */
export type Beside = (work: (second: Queryable) => Promise<void>) => Promise<void>;

/** What a day is read with beside its transaction. */
export interface DayReaders {
  /** Unset: the one connection reads all slices. */
  readonly beside?: Beside | undefined;
  readonly sliceOrders?: number | undefined;
}

/**
 * Reads a store's day from its orders, and what the books say of it. What is still due is left out of both: an order counts as it
 * is, less what will be posted of it. For a transaction of one snapshot, or one in which the books are locked: what is ordered or
 * cancelled between two slices is due.
 */
export async function compareDay(
  tx: Queryable,
  { storeId, day }: StoreDay,
  { beside, sliceOrders = SLICE_ORDERS }: DayReaders = {},
): Promise<Compared> {
  const starts = await sliceDay(tx, { storeId, day }, sliceOrders);
  const left = starts.slice(0, -1).map((from, slice) => ({ from, to: starts[slice + 1]! }));
  const orders = new Map<string, Figure>();
  const readSlices = async (on: Queryable): Promise<void> => {
    await on.query(`SET LOCAL work_mem = '${SORT_MEMORY}'`);
    for (let slice = left.shift(); slice; slice = left.shift()) {
      addUp(orders, await readSlice(on, { storeId, day }, slice.from, slice.to));
    }
  };
  let alongside = Promise.resolve();
  if (beside && left.length > 1) {
    // One who finds no connection leaves all slices to the first, who does not wait for that.
    beside((second) => (alongside = readSlices(second))).catch(() => {});
  }
  await readSlices(tx);
  await alongside;
  const { rows } = await tx.query<{ at: Date }>('SELECT now() AS at', [], 'transaction-began');
  return { at: rows[0]!.at, orders: [...orders.values()], books: await readBooks(tx, { storeId, day }) };
}

function addUp(sums: Map<string, Figure>, figures: readonly Figure[]): void {
  for (const figure of figures) {
    const { orders, portions, total, ...key } = figure;
    const name = JSON.stringify(key);
    const sum = sums.get(name) ?? { orders: 0, portions: 0, total: 0 };
    sums.set(name, {
      ...figure,
      orders: sum.orders + orders,
      portions: sum.portions + portions,
      total: sum.total + total,
    });
  }
}

/** The smallest id of each slice of a day, and one above the largest. */
async function sliceDay(tx: Queryable, { storeId, day }: StoreDay, sliceOrders: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    // An order's id has the time of its phone, which may be a day off.
    `WITH edge AS MATERIALIZED (
       SELECT uuid_v7_floor(($2::date + s.day_starts_hour * interval '1 hour') AT TIME ZONE s.time_zone - interval '25 hours') AS "from",
         uuid_v7_floor(($2::date + 1 + s.day_starts_hour * interval '1 hour') AT TIME ZONE s.time_zone + interval '25 hours') AS "to"
       FROM store s WHERE s.id = $1
     )
     SELECT "from" AS id FROM edge UNION ALL SELECT "to" FROM edge UNION ALL
     SELECT id FROM (
       SELECT id, row_number() OVER (ORDER BY id) AS n FROM orders
       WHERE store_id = $1 AND id >= (SELECT "from" FROM edge) AND id < (SELECT "to" FROM edge)
     ) o WHERE n % ${sliceOrders} = 0
     ORDER BY id`,
    [storeId, day],
  );
  return rows.map(({ id }) => id);
}

async function readSlice(tx: Queryable, { storeId, day }: StoreDay, from: string, to: string): Promise<Figure[]> {
  const { rows } = await tx.query<Figure>(
    `WITH due AS MATERIALIZED (
       SELECT order_id, sum(weight) AS weight FROM sales_due
       WHERE store_id = $1 AND order_id >= $2 AND order_id < $3 GROUP BY order_id
     ), ${figuresOf(
       `SELECT o.store_id, o.id, o.day, o.total, o.placed_at,
         (o.status <> 'cancelled')::int - coalesce(d.weight, 0)::int AS weight
       FROM orders o LEFT JOIN due d ON d.order_id = o.id
       WHERE o.store_id = $1 AND o.day = $4 AND o.id >= $2::uuid AND o.id < $3::uuid
         AND (o.status <> 'cancelled')::int <> coalesce(d.weight, 0)`,
       (alias) => `${alias}.store_id = $1`,
       () => 'true',
     )}
     SELECT ${COLUMNS} FROM figure`,
    [storeId, from, to, day],
  );
  return rows;
}

async function readBooks(tx: Queryable, { storeId, day }: StoreDay): Promise<Figure[]> {
  const { rows } = await tx.query<Figure>(
    `WITH book AS (
       SELECT 'day' AS kind, store_id, day, NULL::timestamptz AS quarter, NULL::uuid AS item_id, NULL AS station,
         NULL AS name_ko, NULL AS name_en, orders, portions, total
       FROM sales_day WHERE store_id = $1 AND day = $2
       UNION ALL
       SELECT 'quarter', store_id, day, quarter, NULL, NULL, NULL, NULL, orders, portions, total
       FROM sales_quarter WHERE store_id = $1 AND day = $2
       UNION ALL
       SELECT 'item', store_id, day, NULL, item_id, station, name_ko, name_en, orders, portions, total
       FROM sales_item WHERE store_id = $1 AND day = $2
       UNION ALL
       SELECT 'station', store_id, day, NULL, NULL, station, NULL, NULL, orders, portions, total
       FROM sales_station WHERE store_id = $1 AND day = $2
     )
     SELECT ${COLUMNS} FROM book`,
    [storeId, day],
  );
  return rows;
}
