import type { StoreState, StoreView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

/** What the rooms need to know of a store; the state is for display, the intake reads it again under the store's lock. */
export interface Store extends StoreView {
  readonly dayStartsHour: number;
}

const COLUMNS = `
  s.id, s.slug, s.name_ko, s.name_en, s.currency, s.time_zone, s.day_starts_hour, s.tables, s.prep_minutes, h.state`;

interface StoreRow {
  readonly id: string;
  readonly slug: string;
  readonly name_ko: string;
  readonly name_en: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly day_starts_hour: number;
  readonly tables: number;
  readonly prep_minutes: number;
  readonly state: StoreState;
}

/** A busy store promises half as much time again. */
const BUSY_FACTOR = 1.5;

const toStore = (row: StoreRow): Store => ({
  id: row.id,
  slug: row.slug,
  name: { ko: row.name_ko, en: row.name_en },
  state: row.state,
  promisedMinutes: Math.round(row.prep_minutes * (row.state === 'busy' ? BUSY_FACTOR : 1)),
  currency: row.currency,
  timeZone: row.time_zone,
  tables: row.tables,
  dayStartsHour: row.day_starts_hour,
});

/** What the wire shows of a store. */
export const toStoreView = ({ dayStartsHour: _, ...view }: Store): StoreView => view;

/** Stores by their ids or slugs, by one question for all. */
export async function findStores(db: Queryable, ids: readonly string[], slugs: readonly string[]): Promise<Store[]> {
  const { rows } = await db.query<StoreRow>(
    `SELECT ${COLUMNS} FROM store s JOIN store_head h ON h.store_id = s.id
     WHERE s.id = ANY($1::uuid[]) OR s.slug = ANY($2::text[])`,
    [ids, slugs],
    'stores-by-name',
  );
  return rows.map(toStore);
}

/** Which part of the list of stores: at most so many, from after this slug. */
export interface StoreRange {
  readonly limit: number;
  readonly after: string | null;
}

/**
 * Ranges of the list of stores by slug, by one question for all; each has one more than its `limit`, so that the caller sees
 * whether there is a next page.
 */
export async function listStores(db: Queryable, ranges: readonly StoreRange[]): Promise<Store[][]> {
  const { rows } = await db.query<StoreRow & { place: number }>(
    `SELECT k.place, found.* FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS k (up_to, after, place)
     CROSS JOIN LATERAL (
       SELECT ${COLUMNS} FROM store s JOIN store_head h ON h.store_id = s.id
       WHERE s.slug > k.after ORDER BY s.slug LIMIT k.up_to + 1) AS found
     ORDER BY k.place, found.slug`,
    // No slug is empty, so all of them come after nothing.
    [ranges.map(({ limit }) => limit), ranges.map(({ after }) => after ?? '')],
    'stores',
  );
  const found = Map.groupBy(rows, ({ place }) => place);
  return ranges.map((_, index) => (found.get(index + 1) ?? []).map(toStore));
}
