import type { Queryable } from '../platform/db/pool.ts';

interface Named {
  readonly slug: string;
  readonly name: { readonly ko: string; readonly en: string };
}

export interface NewStore extends Named {
  readonly tables: number;
  /** Unset: open. */
  readonly tableLinks?: 'open' | 'signed';
  readonly prepMinutes: number;
  /** A busy one is so until its business day ends. */
  readonly state: 'open' | 'busy' | 'paused';
  /** The business day of its last order, and that order's number. */
  readonly day?: string;
  readonly lastNumber?: number;
}

/** @returns the id of the brand with this slug, which is the given one if it is new */
export async function createBrand(db: Queryable, brand: Named & { readonly id: string }): Promise<string> {
  await db.query(
    'INSERT INTO brand (id, slug, name_ko, name_en) VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO NOTHING',
    [brand.id, brand.slug, brand.name.ko, brand.name.en],
  );
  const { rows } = await db.query<{ id: string }>('SELECT id FROM brand WHERE slug = $1', [brand.slug]);
  return rows[0]!.id;
}

/** @returns false when the slug is taken; a process that is making the same store just now is waited for */
export async function createStore(
  tx: Queryable,
  brandId: string,
  store: NewStore & { readonly id: string },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO store (id, brand_id, slug, name_ko, name_en, tables, table_links, prep_minutes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (slug) DO NOTHING`,
    [
      store.id,
      brandId,
      store.slug,
      store.name.ko,
      store.name.en,
      store.tables,
      store.tableLinks ?? 'open',
      store.prepMinutes,
    ],
  );
  if (rowCount === 0) return false;
  await tx.query(
    `INSERT INTO store_head (store_id, state, day, last_number, state_until)
     SELECT s.id, $2, $3, $4, CASE WHEN $2 = 'busy' THEN
       (business_day($5, s.time_zone, s.day_starts_hour) + 1 + s.day_starts_hour * interval '1 hour') AT TIME ZONE s.time_zone END
     FROM store s WHERE s.id = $1`,
    [store.id, store.state, store.day ?? '-infinity', store.lastNumber ?? 0, new Date(nowMs)],
  );
  return true;
}
