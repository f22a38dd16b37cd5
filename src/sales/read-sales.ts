import type { Sales, SalesBy, SalesDay, SalesLine } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { Store } from './ports.ts';

/** Whose books, and how their hours and money are read. */
export type BooksOf = Pick<Store, 'id' | 'currency' | 'timeZone'>;

/** Business days of a store as `YYYY-MM-DD`, `to` not among them. */
export interface SalesRange {
  readonly from: string;
  readonly to: string;
}

const SUMS = 'sum(orders)::float8 AS orders, sum(portions)::float8 AS portions, sum(total)::float8 AS total';
const RANGE = 'store_id = $1 AND day >= $2 AND day < $3';

/** The lines of a table; $4 is the store's time zone. A line of which all was cancelled is none. */
const LINES: Record<SalesBy, string> = {
  // The hour that the clock on the wall there shows; on the day on which it shows one twice these are two.
  hour: `SELECT quarter - ((quarter AT TIME ZONE $4) - date_trunc('hour', quarter AT TIME ZONE $4)) AS hour, NULL::text AS day,
      NULL::uuid AS "itemId", NULL AS station, NULL AS ko, NULL AS en, ${SUMS}
    FROM sales_quarter WHERE ${RANGE} GROUP BY 1`,
  day: `SELECT NULL::timestamptz AS hour, day::text, NULL::uuid AS "itemId", NULL AS station, NULL AS ko, NULL AS en, ${SUMS}
    FROM sales_day WHERE ${RANGE} GROUP BY day`,
  item: `SELECT NULL::timestamptz AS hour, NULL::text AS day, item_id AS "itemId", NULL AS station, name_ko AS ko, name_en AS en,
      ${SUMS}
    FROM sales_item WHERE ${RANGE} GROUP BY item_id, name_ko, name_en`,
  station: `SELECT NULL::timestamptz AS hour, NULL::text AS day, NULL::uuid AS "itemId", station, NULL AS ko, NULL AS en, ${SUMS}
    FROM sales_station WHERE ${RANGE} GROUP BY station`,
};

interface Row {
  readonly hour: Date | null;
  readonly day: string | null;
  readonly itemId: string | null;
  readonly station: string | null;
  readonly ko: string | null;
  readonly en: string | null;
  readonly orders: number;
  readonly portions: number;
  readonly total: number;
}

/**
 * What a store sold, from the books alone: it costs what the range has of lines, however many orders there were. Hours and days come
 * in their order, dishes and stations by what they brought. Lines and total are of the same moment.
 */
export async function readSales(db: Queryable, store: BooksOf, { from, to }: SalesRange, by: SalesBy): Promise<Sales> {
  const { rows } = await db.query<Row & { readonly isTotal: boolean }>(
    `SELECT * FROM (
       SELECT false AS "isTotal", l.* FROM (${LINES[by]}) l WHERE orders <> 0
       UNION ALL
       SELECT true, NULL, NULL, NULL, NULL, NULL, NULL, coalesce(sum(orders), 0)::float8, coalesce(sum(portions), 0)::float8,
         coalesce(sum(total), 0)::float8
       FROM sales_day WHERE ${RANGE}
     ) s ORDER BY "isTotal" DESC, hour, day, total DESC, station, "itemId", ko, en`,
    // Only hours need the zone, and Postgres wants no value that no statement uses.
    by === 'hour' ? [store.id, from, to, store.timeZone] : [store.id, from, to],
    `sales-by-${by}`,
  );
  const [sum, ...lines] = rows;
  const { orders, portions, total } = sum!;
  return { currency: store.currency, items: lines.map(toLine), total: { orders, portions, total } };
}

function toLine({ hour, day, itemId, station, ko, en, orders, portions, total }: Row): SalesLine {
  const key =
    hour !== null
      ? { at: hour.toISOString() }
      : day !== null
        ? { at: day }
        : itemId !== null
          ? { itemId, name: { ko: ko!, en: en! } }
          : { station: station! };
  return { ...key, orders, portions, total };
}

/** Days with anything in the books, the newest first, and whether they are closed. */
export async function readDays(db: Queryable, store: BooksOf, { from, to }: SalesRange): Promise<SalesDay[]> {
  const { rows } = await db.query<Omit<SalesDay, 'closedAt'> & { closedAt: Date | null }>(
    `SELECT day, orders, portions, total, closed_at AS "closedAt" FROM sales_day
     WHERE ${RANGE} ORDER BY day DESC`,
    [store.id, from, to],
    'sales-days',
  );
  return rows.map((row) => ({ ...row, closedAt: row.closedAt?.toISOString() ?? null }));
}
