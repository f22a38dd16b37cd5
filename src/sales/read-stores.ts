import type { StoreAtAGlance, StoresAtAGlance } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

type Row = Omit<StoreAtAGlance, 'name'> & { readonly ko: string; readonly en: string };

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
  const { rows } = await db.query<Row>(
    `SELECT s.id, s.slug, s.name_ko AS ko, s.name_en AS en, s.currency, t.day::text AS day, coalesce(d.orders, 0)::float8 AS orders,
       coalesce(d.portions, 0)::float8 AS portions, coalesce(d.total, 0)::float8 AS total,
       (SELECT coalesce(sum(q.total), 0)::float8 FROM sales_quarter q
        WHERE q.store_id = s.id AND q.day = t.day - 7 AND q.quarter + interval '15 minutes' <= $1::timestamptz - interval '7 days') AS before,
       (SELECT count(*)::int FROM sales_day x
        WHERE x.store_id = s.id AND x.day < t.day AND x.day >= t.day - 14 AND x.closed_at IS NULL) AS "openDays"
     FROM (SELECT * FROM store WHERE slug > $2 ORDER BY slug LIMIT $3) s
     CROSS JOIN LATERAL (SELECT business_day($1::timestamptz, s.time_zone, s.day_starts_hour) AS day) t
     LEFT JOIN sales_day d ON d.store_id = s.id AND d.day = t.day
     ORDER BY s.slug`,
    [new Date(nowMs), after, pageMax + 1],
    'stores-at-a-glance',
  );
  const items = rows.slice(0, pageMax).map(({ ko, en, ...row }) => ({ ...row, name: { ko, en: en || ko } }));
  return { items, next: rows.length > pageMax ? items.at(-1)!.slug : null };
}
