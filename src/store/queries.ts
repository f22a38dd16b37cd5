import {
  type Business,
  DISCOUNT_MAX_USUAL,
  type DiscountMax,
  type OpeningHours,
  type StoreState,
  type StoreView,
  TABLE_LIMITS_USUAL,
  type TableAccess,
  type TableLimits,
} from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { codeOfStation } from './code-of-station.ts';
import type { KitchenRoom, StatedState, StorePacing } from './ports.ts';

/** What the rooms need to know of a store; the state is for display, the intake reads it again under the store's lock. */
export interface Store extends StoreView {
  readonly dayStartsHour: number;
  /** Minutes of an order, as the store itself says. */
  readonly prepMinutes: number;
  /** Whether the load of its kitchen counts. */
  readonly isPaced: boolean;
  /** When it takes orders; null: always. */
  readonly hours: readonly OpeningHours[] | null;
  /** Business days on which it stays closed. */
  readonly daysOff: readonly string[];
  /** null: nobody listed them, and any table is believed. */
  readonly tableNames: readonly string[] | null;
  /** Whether a table's order needs the key of its link. */
  readonly tableLinks: TableAccess;
  /** How often a table's link was replaced; unset: never. */
  readonly tableGenerations: Readonly<Record<string, number>>;
  /** Whether an order for a table needs the key of its visit. */
  readonly visitCode: boolean;
  /** What a table may have open until the staff say yes. */
  readonly tableLimits: TableLimits;
  /** In percent of a bill, what may be given by hand. */
  readonly discountMax: DiscountMax;
  /** What its receipts say of it. */
  readonly business: Business | null;
  /** What its kitchen has room for; null: it has no limit. */
  readonly room: KitchenRoom | null;
}

/** How stores are read: their rows, and how their kitchens are doing just now. */
export interface StoreReads {
  readonly db: Queryable;
  readonly pacing: StorePacing;
  readonly now: Clock;
}

const COLUMNS = `
  s.id, s.slug, s.name_ko, s.name_en, s.currency, s.time_zone, s.day_starts_hour, s.tables, s.prep_minutes,
  h.state, h.state_by, h.state_reason, (extract(epoch FROM h.state_until) * 1000)::float8 AS state_until_ms,
  h.is_paced, s.hours, s.days_off::text[] AS days_off, s.table_names,
  s.table_links, s.table_generations, s.visit_code, s.table_limits, s.discount_max, s.business, s.pay_first, s.stations`;

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
  readonly state_by: StatedState['by'];
  readonly state_reason: string | null;
  readonly state_until_ms: number | null;
  readonly is_paced: boolean;
  readonly hours: readonly OpeningHours[] | null;
  readonly days_off: readonly string[];
  readonly table_names: readonly string[] | null;
  readonly table_links: TableAccess;
  readonly table_generations: Readonly<Record<string, number>>;
  readonly visit_code: boolean;
  readonly table_limits: TableLimits | null;
  readonly discount_max: DiscountMax | null;
  readonly business: Business | null;
  readonly pay_first: boolean;
  readonly stations: readonly string[];
}

const toStationName = (name: string) => ({ code: codeOfStation(name), name });

/** Those with pacing cost one more statement, for all of them together. */
async function toStores({ db, pacing, now }: StoreReads, rows: readonly StoreRow[]): Promise<Store[]> {
  const paced = rows.filter((row) => row.is_paced).map(({ id }) => id);
  const paces = paced.length > 0 ? await pacing.read(db, paced) : undefined;
  const nowMs = now();
  return rows.map((row) => {
    const store = {
      id: row.id,
      prepMinutes: row.prep_minutes,
      timeZone: row.time_zone,
      hours: row.hours,
      daysOff: row.days_off,
    };
    const before: StatedState = {
      state: row.state,
      by: row.state_by,
      reason: row.state_reason,
      untilMs: row.state_until_ms,
    };
    const { stated, promisedMinutes, promisedRange, room } = pacing.view(store, before, paces?.get(row.id), nowMs);
    const isOpen = stated.state === 'open';
    return {
      ...store,
      slug: row.slug,
      name: { ko: row.name_ko, en: row.name_en },
      state: stated.state,
      reason: isOpen ? null : stated.reason,
      until: isOpen || stated.untilMs === null ? null : new Date(stated.untilMs).toISOString(),
      promisedMinutes,
      promisedRange,
      currency: row.currency,
      tables: row.tables,
      tableNames: row.table_names,
      dayStartsHour: row.day_starts_hour,
      isPaced: row.is_paced,
      tableLinks: row.table_links,
      tableGenerations: row.table_generations,
      visitCode: row.visit_code,
      tableLimits: row.table_limits ?? TABLE_LIMITS_USUAL,
      discountMax: row.discount_max ?? DISCOUNT_MAX_USUAL,
      business: row.business,
      ...(row.pay_first && { payFirst: true }),
      ...(row.stations.length > 0 && { stationNames: row.stations.map(toStationName) }),
      room,
    };
  });
}

/** What the wire shows of a store. */
export function toStoreView(store: Store): StoreView {
  const {
    dayStartsHour: _1,
    prepMinutes: _2,
    isPaced: _3,
    hours: _4,
    daysOff: _5,
    tableNames: _6,
    room: _7,
    tableLimits: _8,
    discountMax: _9,
    business: _10,
    tableLinks: _11,
    tableGenerations: _12,
    visitCode: _13,
    ...view
  } = store;
  return view;
}

async function idsOf(db: Queryable, slugs: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT id FROM store WHERE slug = ANY($1::text[])',
    [slugs],
    'ids-of-stores',
  );
  return rows.map(({ id }) => id);
}

/** Stores by their ids or slugs, by one question for all. */
export async function findStores(
  reads: StoreReads,
  ids: readonly string[],
  slugs: readonly string[],
): Promise<Store[]> {
  const { db } = reads;
  // A cluster asks the machines of those stores whose ids it is told.
  const named = db.isSharded && slugs.length > 0 ? await idsOf(db, slugs) : [];
  const { rows } = await db.query<StoreRow>(
    `SELECT ${COLUMNS} FROM store s JOIN store_head h ON h.store_id = s.id
     WHERE ${db.isSharded ? 's.id = ANY($1::uuid[]) AND h.store_id = ANY($1::uuid[])' : '(s.id = ANY($1::uuid[]) OR s.slug = ANY($2::text[]))'}`,
    db.isSharded ? [[...ids, ...named]] : [ids, slugs],
    'stores-by-name',
  );
  return toStores(reads, rows);
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
export async function listStores(reads: StoreReads, ranges: readonly StoreRange[]): Promise<Store[][]> {
  if (reads.db.isSharded) return Promise.all(ranges.map((range) => listRange(reads, range)));
  const { rows } = await reads.db.query<StoreRow & { place: number }>(
    // On one machine alone: over several a row of a list may not say how many stores are read.
    `SELECT k.place, found.* FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS k (up_to, after, place)
     CROSS JOIN LATERAL (
       SELECT ${COLUMNS} FROM store s JOIN store_head h ON h.store_id = s.id
       WHERE s.slug > k.after ORDER BY s.slug LIMIT k.up_to + 1) AS found
     ORDER BY k.place, found.slug`,
    // No slug is empty, so all of them come after nothing.
    [ranges.map(({ limit }) => limit), ranges.map(({ after }) => after ?? '')],
    'stores',
  );
  const stores = await toStores(reads, rows);
  const found = Map.groupBy(stores.keys(), (index) => rows[index]!.place);
  return ranges.map((_, index) => (found.get(index + 1) ?? []).map((at) => stores[at]!));
}

/** One of them, where stores are spread over machines. */
async function listRange(reads: StoreReads, { limit, after }: StoreRange): Promise<Store[]> {
  const { rows } = await reads.db.query<StoreRow>(
    `SELECT ${COLUMNS} FROM store s JOIN store_head h ON h.store_id = s.id WHERE s.slug > $2 ORDER BY s.slug LIMIT $1`,
    [limit + 1, after ?? ''],
    'stores-of-range',
  );
  return toStores(reads, rows);
}

/** At most so many that take orders, those with the most on the newest day first. It looks at the head of every store. */
export async function listSelling(db: Queryable, max: number): Promise<Pick<Store, 'id' | 'slug'>[]> {
  const { rows } = await db.query<Pick<Store, 'id' | 'slug'>>(
    `SELECT s.id, s.slug FROM store_head h JOIN store s ON s.id = h.store_id
     WHERE h.last_number > 0 ORDER BY h.day DESC, h.last_number DESC LIMIT $1`,
    [max],
  );
  return rows;
}

/** What the terminal shows a link of: the first store by its slug, and its first table. */
export interface FirstStore extends Pick<Store, 'id' | 'slug' | 'tableGenerations'> {
  readonly table: string;
  readonly isSigned: boolean;
}

/** @returns undefined where there is no store yet */
export async function findFirstStore(db: Queryable): Promise<FirstStore | undefined> {
  const { rows } = await db.query<FirstStore>(
    `SELECT id, slug, coalesce(table_names[1], '1') AS "table", table_generations AS "tableGenerations",
       table_links = 'signed' AS "isSigned"
     FROM store ORDER BY slug LIMIT 1`,
  );
  return rows[0];
}
