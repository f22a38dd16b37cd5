import {
  DISCOUNT_MAX_USUAL,
  type Name,
  type StoreSettings,
  type StoreView,
  TABLE_LIMITS_USUAL,
} from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { CheckedSettings } from './check-settings.ts';

/** The column of each setting; names and tables have two. */
const COLUMNS = {
  timeZone: 'time_zone',
  currency: 'currency',
  dayStartsHour: 'day_starts_hour',
  hours: 'hours',
  daysOff: 'days_off',
  prepMinutes: 'prep_minutes',
  stations: 'stations',
  languages: 'languages',
  tableLinks: 'table_links',
  visitCode: 'visit_code',
  tableLimits: 'table_limits',
  discountMax: 'discount_max',
  business: 'business',
  payFirst: 'pay_first',
} as const;

const JSONS: ReadonlySet<string> = new Set(['hours', 'tableLimits', 'discountMax', 'business']);

/** Column by column, what `settings` says. */
function assignments({ name, tableNames, ...rest }: CheckedSettings): Map<string, unknown> {
  const set = new Map<string, unknown>();
  if (name) set.set('name_ko', name.ko).set('name_en', name.en);
  if (tableNames) set.set('table_names', tableNames).set('tables', tableNames.length);
  for (const [key, value] of Object.entries(rest)) {
    const column = COLUMNS[key as keyof typeof COLUMNS];
    // A list goes to Postgres as an array unless it is said to be JSON.
    set.set(column, JSONS.has(key) && value !== null ? JSON.stringify(value) : value);
  }
  return set;
}

/** @returns the id of the brand with this slug, which is a new one if there is a name for it; undefined: there is none */
export async function findOrMakeBrand(
  tx: Queryable,
  brand: { readonly id: string; readonly slug: string; readonly name: Name | undefined },
): Promise<string | undefined> {
  if (brand.name) {
    await tx.query(
      'INSERT INTO brand (id, slug, name_ko, name_en) VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO NOTHING',
      [brand.id, brand.slug, brand.name.ko, brand.name.en],
      'make-brand',
    );
  }
  const { rows } = await tx.query<{ id: string }>(
    'SELECT id FROM brand WHERE slug = $1',
    [brand.slug],
    'brand-by-slug',
  );
  return rows[0]?.id;
}

/** Whoever makes one of the same slug just now is waited for. @returns false when the slug or the id is taken */
export async function insertStore(
  tx: Queryable,
  store: { readonly id: string; readonly brandId: string; readonly slug: string },
  settings: CheckedSettings,
): Promise<boolean> {
  const set = assignments(settings);
  const columns = ['id', 'brand_id', 'slug', ...set.keys()];
  const { rowCount } = await tx.query(
    `INSERT INTO store (${columns.join(', ')}) VALUES (${columns.map((_, at) => `$${at + 1}`).join(', ')})
     ON CONFLICT DO NOTHING`,
    [store.id, store.brandId, store.slug, ...set.values()],
  );
  if (rowCount === 0) return false;
  await tx.query('INSERT INTO store_head (store_id) VALUES ($1)', [store.id], 'make-store-head');
  return true;
}

/** Changes the settings that are given and leaves the others. */
export async function updateStore(tx: Queryable, storeId: string, settings: CheckedSettings): Promise<void> {
  const set = assignments(settings);
  if (set.size === 0) return;
  await tx.query(
    `UPDATE store SET ${[...set.keys()].map((column, at) => `${column} = $${at + 2}`).join(', ')} WHERE id = $1`,
    [storeId, ...set.values()],
  );
}

/** A table's link gets the next key. Of two at once both count, so an old print is never valid again. */
export async function raiseGeneration(db: Queryable, storeId: string, table: string): Promise<void> {
  await db.query(
    `UPDATE store SET table_generations =
       jsonb_set(table_generations, ARRAY[$2::text], to_jsonb(coalesce((table_generations->>$2::text)::int, 0) + 1))
     WHERE id = $1`,
    [storeId, table],
    'raise-table-generation',
  );
}

/** What a store's books are kept in, and whether there is anything in them: then it cannot change any more. */
export interface Books {
  readonly currency: string;
  readonly timeZone: string;
  readonly dayStartsHour: number;
  readonly hasOrders: boolean;
}

/** Under the store's lock. */
export async function readBooks(tx: Queryable, storeId: string): Promise<Books> {
  const { rows } = await tx.query<Books>(
    `SELECT s.currency, s.time_zone AS "timeZone", s.day_starts_hour AS "dayStartsHour", h.day > '-infinity' AS "hasOrders"
     FROM store s JOIN store_head h ON h.store_id = s.id WHERE s.id = $1`,
    [storeId],
    'store-books',
  );
  return rows[0]!;
}

/** What Postgres does not know by this name it cannot keep books in. */
export async function knowsTimeZone(db: Queryable, timeZone: string): Promise<boolean> {
  const { rows } = await db.query('SELECT FROM pg_timezone_names WHERE name = $1', [timeZone], 'knows-time-zone');
  return rows.length > 0;
}

type OwnSettings = Omit<StoreSettings, keyof StoreView>;

/** What is not in the view of a store that everybody gets. */
export async function readSettings(db: Queryable, storeId: string): Promise<OwnSettings> {
  const { rows } = await db.query<Omit<OwnSettings, 'brand'> & { slug: string; ko: string; en: string }>(
    `SELECT b.slug, b.name_ko AS ko, b.name_en AS en, s.day_starts_hour AS "dayStartsHour",
       s.prep_minutes AS "prepMinutes", s.hours, s.days_off::text[] AS "daysOff", s.stations, s.languages,
       s.table_names AS "tableNames", s.table_links AS "tableLinks", s.visit_code AS "visitCode", s.table_limits AS "tableLimits", s.discount_max AS "discountMax", s.business
     FROM store s JOIN brand b ON b.id = s.brand_id WHERE s.id = $1`,
    [storeId],
    'store-settings',
  );
  const { slug, ko, en, tableLimits, discountMax, ...rest } = rows[0]!;
  return {
    ...rest,
    tableLimits: tableLimits ?? TABLE_LIMITS_USUAL,
    discountMax: discountMax ?? DISCOUNT_MAX_USUAL,
    brand: { slug, name: { ko, en } },
  };
}
