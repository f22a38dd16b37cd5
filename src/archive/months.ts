import type { Queryable } from '../platform/db/pool.ts';

/** A calendar month in UTC, `YYYY-MM`. */
export type Month = string;

/** @throws RangeError for what is no month */
export function readMonth(text: string): Month {
  if (!/^[12]\d{3}-(0[1-9]|1[0-2])$/.test(text)) {
    throw new RangeError(`${text} is not a month; one such as 2025-01 is needed.`);
  }
  return text;
}

export const firstDay = (month: Month): string => `${month}-01`;

/** One month's table of one kind of rows. */
export interface MonthTable {
  /** The table that it is, or was, a partition of. */
  readonly parent: string;
  readonly name: string;
  /** `leaving`: somebody was killed while taking it off. */
  readonly state: 'attached' | 'leaving' | 'apart';
  readonly bytes: number;
}

/** What the database knows of a month. */
export interface MonthHere {
  readonly month: Month;
  /** `orders` first: whoever finds no order looks for nothing that belongs to it. */
  readonly tables: readonly MonthTable[];
  /** Its archive was begun; unset: it was not, or it was restored. */
  readonly archive: { readonly begunAt: Date; readonly writtenAt: Date | null; readonly sums: string | null } | null;
  /** Nothing that belongs to it can come any more, not even by a phone whose clock is off. */
  readonly isFinished: boolean;
}

/** Months end where the last place of the earth ends them, clocks may be a day off, and late cancels are worth waiting for. */
const REST_DAYS = 7;

/** All months that have tables or were archived, the oldest first. */
export async function listMonths(db: Queryable, only?: Month): Promise<MonthHere[]> {
  const { rows } = await db.query<Omit<MonthHere, 'archive'> & { begunAt: Date | null; writtenAt: Date; sums: string }>(
    `WITH tables AS (
       SELECT replace(right(c.relname, 7), '_', '-') AS month, json_agg(json_build_object(
           'parent', m.name, 'name', c.relname, 'bytes', pg_total_relation_size(c.oid),
           'state', CASE WHEN i.inhdetachpending THEN 'leaving' WHEN i.inhrelid IS NULL THEN 'apart' ELSE 'attached' END)
           ORDER BY m.name <> 'orders', m.name) AS tables
       FROM monthly_table m
       -- The first two lead to the index by name: where stores are spread over machines the catalogue has thousands of tables.
       JOIN pg_class c ON c.relname > m.name || '_' AND c.relname < m.name || '_:' AND left(c.relname, -8) = m.name
         AND right(c.relname, 8) ~ '^_[0-9]{4}_[0-9]{2}$' AND c.relkind = 'r'
         AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'orders'::regclass)
       LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
       GROUP BY 1
     )
     SELECT month, coalesce(tables, '[]') AS tables, a.begun_at AS "begunAt", a.written_at AS "writtenAt", a.sums_sha256 AS sums,
       now() >= (month || '-01')::date + interval '1 month ${REST_DAYS} days' AS "isFinished"
     FROM tables FULL JOIN (SELECT to_char(month, 'YYYY-MM') AS month, begun_at, written_at, sums_sha256 FROM archived_month) a
       USING (month)
     WHERE $1::text IS NULL OR month = $1 ORDER BY month`,
    [only ?? null],
  );
  return rows.map(({ begunAt, writtenAt, sums, ...month }) => ({
    ...month,
    archive: begunAt && { begunAt, writtenAt, sums },
  }));
}

/** Says that a month's orders are not here any more, before they are taken away. */
export async function noteBegun(db: Queryable, month: Month): Promise<void> {
  await db.query('INSERT INTO archived_month (month) VALUES ($1) ON CONFLICT DO NOTHING', [firstDay(month)]);
}

/** Says that a month's files are written and were read again. */
export async function noteWritten(db: Queryable, month: Month, orders: number, sums: string): Promise<void> {
  await db.query(
    `INSERT INTO archived_month (month, written_at, orders, sums_sha256) VALUES ($1, now(), $2, $3)
     ON CONFLICT (month) DO UPDATE SET written_at = now(), orders = $2, sums_sha256 = $3`,
    [firstDay(month), orders, sums],
  );
}
