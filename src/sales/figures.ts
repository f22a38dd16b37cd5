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
 * `store_id, id, day, total, placed_at, weight` of orders; $1 and $2 are the smallest and the largest id among them.
 *
 * Names are sorted by dish first: sorted by store, as the orders are, the planner merged the two by store alone and compared each line
 * with each dish of the store.
 *
 * A dish's name and station are those of the moment of the order: of its former ones the first that was given up after it.
 */
const figuresOf = (posting: string): string => `
  posting AS MATERIALIZED (${posting}),
  named AS MATERIALIZED (
    SELECT store_id, item_id, name_ko, name_en, station, until,
      coalesce(lag(until) OVER (PARTITION BY item_id, store_id ORDER BY until), '-infinity') AS since
    FROM (SELECT store_id, item_id, name_ko, name_en, station, until FROM item_former
          UNION ALL SELECT store_id, id, name_ko, name_en, station, 'infinity' FROM item) n
    WHERE store_id IN (SELECT DISTINCT store_id FROM posting)
  ),
  dish AS MATERIALIZED (
    SELECT p.store_id, p.id, p.day, p.placed_at, p.weight, l.item_id,
      sum(l.quantity) AS portions, sum(l.quantity * l.unit_price::bigint) AS total
    FROM posting p JOIN order_line l
      ON l.store_id = p.store_id AND l.order_id = p.id AND l.order_id BETWEEN $1::uuid AND $2::uuid
    GROUP BY p.store_id, p.id, p.day, p.placed_at, p.weight, l.item_id
  ),
  sold AS MATERIALIZED (
    SELECT d.*, n.name_ko, n.name_en, n.station FROM dish d JOIN named n
      ON n.item_id = d.item_id AND n.store_id = d.store_id AND d.placed_at >= n.since AND d.placed_at < n.until
  ),
  quarter AS MATERIALIZED (
    SELECT store_id, day, date_bin('15 minutes', placed_at, '2000-01-01Z') AS quarter,
      sum(orders) AS orders, sum(portions) AS portions, sum(total) AS total
    FROM (SELECT store_id, day, placed_at, weight AS orders, 0 AS portions, weight * total AS total FROM posting
          UNION ALL SELECT store_id, day, placed_at, 0, weight * portions, 0 FROM dish) p
    GROUP BY 1, 2, 3
  ),
  figure AS (
    SELECT 'day' AS kind, store_id, day, NULL::timestamptz AS quarter, NULL::uuid AS item_id, NULL AS station,
      NULL AS name_ko, NULL AS name_en, sum(orders) AS orders, sum(portions) AS portions, sum(total) AS total
    FROM quarter GROUP BY store_id, day
    UNION ALL
    SELECT 'quarter', store_id, day, quarter, NULL, NULL, NULL, NULL, orders, portions, total FROM quarter
    UNION ALL
    SELECT 'item', store_id, day, NULL, item_id, station, name_ko, name_en, sum(weight), sum(weight * portions),
      sum(weight * total)
    FROM sold GROUP BY store_id, day, item_id, station, name_ko, name_en
    UNION ALL
    SELECT 'station', store_id, day, NULL, NULL, station, NULL, NULL, sum(weight), sum(weight * portions),
      sum(weight * total)
    FROM (SELECT store_id, id, day, station, weight, sum(portions) AS portions, sum(total) AS total FROM sold
          GROUP BY store_id, id, day, station, weight) s
    GROUP BY store_id, day, station
  )`;

const COLUMNS = `kind, store_id AS "storeId", day::text, (quarter AT TIME ZONE 'UTC')::text || 'Z' AS quarter,
  item_id AS "itemId", station, name_ko AS "nameKo", name_en AS "nameEn", orders::float8, portions::float8, total::float8`;

/** What these orders add to the books. */
export async function readFigures(tx: Queryable, postings: readonly Posting[]): Promise<Figure[]> {
  if (postings.length === 0) return [];
  const ids = postings.map(({ id }) => id).sort();
  const { rows } = await tx.query<Figure>(
    // In a step that the planner must not turn round, and not prepared, for the reasons that `makeTickets` gives.
    `WITH ${figuresOf(`
       SELECT o.store_id, o.id, o.day, o.total, o.placed_at, k.weight
       FROM unnest($3::uuid[], $4::uuid[], $5::int[]) AS k (store_id, id, weight) CROSS JOIN LATERAL (
         SELECT * FROM orders o
         WHERE o.store_id = k.store_id AND o.id = k.id AND o.id BETWEEN $1::uuid AND $2::uuid OFFSET 0) o`)}
     SELECT ${COLUMNS} FROM figure`,
    [
      ids[0],
      ids.at(-1),
      postings.map(({ storeId }) => storeId),
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

/** Of one sort or hash, until the transaction ends: with Postgres' own 4 MB a day of a million orders is sorted on disk. */
const SORT_MEMORY = '128MB';

/** The figures of a day twice, by one look at the database: as its orders say, and as the books do. */
export interface Compared {
  readonly orders: readonly Figure[];
  readonly books: readonly Figure[];
}

/**
 * Reads a store's day from its orders, and what the books say of it, in one snapshot. What is still due is left out of both: an order
 * counts as it is, less what will be posted of it. For a transaction of its own.
 */
export async function compareDay(tx: Queryable, { storeId, day }: StoreDay): Promise<Compared> {
  const bounds = await tx.query<{ from: string; to: string }>(
    // An order's id has the time of its phone, which may be a day off.
    `SELECT uuid_v7_floor(($2::date + s.day_starts_hour * interval '1 hour') AT TIME ZONE s.time_zone - interval '25 hours') AS "from",
       uuid_v7_floor(($2::date + 1 + s.day_starts_hour * interval '1 hour') AT TIME ZONE s.time_zone + interval '25 hours') AS "to",
       set_config('work_mem', '${SORT_MEMORY}', true)
     FROM store s WHERE s.id = $1`,
    [storeId, day],
  );
  const { from, to } = bounds.rows[0]!;
  const { rows } = await tx.query<Figure & { readonly of: keyof Compared }>(
    `WITH due AS MATERIALIZED (
       SELECT order_id, sum(weight) AS weight FROM sales_due WHERE store_id = $3 GROUP BY order_id
     ), ${figuresOf(`
       SELECT o.store_id, o.id, o.day, o.total, o.placed_at,
         (o.status <> 'cancelled')::int - coalesce(d.weight, 0)::int AS weight
       FROM orders o LEFT JOIN due d ON d.order_id = o.id
       WHERE o.store_id = $3 AND o.day = $4 AND o.id BETWEEN $1::uuid AND $2::uuid
         AND (o.status <> 'cancelled')::int <> coalesce(d.weight, 0)`)},
     book AS (
       SELECT 'day' AS kind, store_id, day, NULL::timestamptz AS quarter, NULL::uuid AS item_id, NULL AS station,
         NULL AS name_ko, NULL AS name_en, orders, portions, total
       FROM sales_day WHERE store_id = $3 AND day = $4
       UNION ALL
       SELECT 'quarter', store_id, day, quarter, NULL, NULL, NULL, NULL, orders, portions, total
       FROM sales_quarter WHERE store_id = $3 AND day = $4
       UNION ALL
       SELECT 'item', store_id, day, NULL, item_id, station, name_ko, name_en, orders, portions, total
       FROM sales_item WHERE store_id = $3 AND day = $4
       UNION ALL
       SELECT 'station', store_id, day, NULL, NULL, station, NULL, NULL, orders, portions, total
       FROM sales_station WHERE store_id = $3 AND day = $4
     )
     SELECT 'orders' AS "of", ${COLUMNS} FROM figure UNION ALL SELECT 'books', ${COLUMNS} FROM book`,
    [from, to, storeId, day],
  );
  return { orders: rows.filter(({ of }) => of === 'orders'), books: rows.filter(({ of }) => of === 'books') };
}
