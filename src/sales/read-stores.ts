import type { StoreAtAGlance, StoresAtAGlance } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

interface StoreRow {
  readonly id: string;
  readonly slug: string;
  readonly ko: string;
  readonly en: string;
  readonly currency: string;
  readonly day: string;
}

type Figures = Pick<StoreAtAGlance, 'orders' | 'portions' | 'total' | 'openDays'>;

const NOTHING: Figures = { orders: 0, portions: 0, total: 0, openDays: 0 };

/**
 * Every store's day so far, from the books, a page at a time by their short names. Last week counts until the quarter of an hour that is
 * over now, so that a day that has just begun is not behind.
 * @param after the short name of the last store that was seen; empty: from the first
 */
export async function readStores(
  db: Queryable,
  nowMs: number,
  after: string,
  pageMax: number,
): Promise<StoresAtAGlance> {
  // The stores first and then what belongs to them: beside a list of stores, rows that lie on several machines cannot be looked up.
  const { rows } = await db.query<StoreRow>(
    `SELECT s.id, s.slug, s.name_ko AS ko, s.name_en AS en, s.currency,
       business_day($1::timestamptz, s.time_zone, s.day_starts_hour)::text AS day
     FROM store s WHERE s.slug > $2 ORDER BY s.slug LIMIT $3`,
    [new Date(nowMs), after, pageMax + 1],
    'stores-at-a-glance',
  );
  const page = rows.slice(0, pageMax);
  const days = [page.map(({ id }) => id), page.map(({ day }) => day)];
  const [figures, before] = await Promise.all([
    db.query<Figures & { id: string }>(
      `SELECT d.store_id AS id, coalesce(sum(d.orders) FILTER (WHERE d.day = t.day), 0)::float8 AS orders,
         coalesce(sum(d.portions) FILTER (WHERE d.day = t.day), 0)::float8 AS portions,
         coalesce(sum(d.total) FILTER (WHERE d.day = t.day), 0)::float8 AS total,
         count(*) FILTER (WHERE d.day < t.day AND d.closed_at IS NULL)::int AS "openDays"
       FROM unnest($1::uuid[], $2::date[]) AS t (store_id, day)
       JOIN sales_day d ON d.store_id = t.store_id AND d.day BETWEEN t.day - 14 AND t.day GROUP BY d.store_id`,
      days,
      'days-at-a-glance',
    ),
    db.query<{ id: string; total: number }>(
      `SELECT q.store_id AS id, sum(q.total)::float8 AS total FROM unnest($1::uuid[], $2::date[]) AS t (store_id, day)
       JOIN sales_quarter q ON q.store_id = t.store_id AND q.day = t.day - 7
       WHERE q.quarter + interval '15 minutes' <= $3::timestamptz - interval '7 days' GROUP BY q.store_id`,
      [...days, new Date(nowMs)],
      'last-week-at-a-glance',
    ),
  ]);
  const figuresOf = new Map(figures.rows.map(({ id, ...rest }) => [id, rest]));
  const totalBefore = new Map(before.rows.map(({ id, total }) => [id, total]));
  const items = page.map(({ ko, en, ...store }) => ({
    ...store,
    ...(figuresOf.get(store.id) ?? NOTHING),
    before: totalBefore.get(store.id) ?? 0,
    name: { ko, en: en || ko },
  }));
  return { items, next: rows.length > pageMax ? items.at(-1)!.slug : null };
}
