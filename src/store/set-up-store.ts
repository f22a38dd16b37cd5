import type { StoreChange, StoreRequest, StoreSettings } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import { type CheckedSettings, checkBrandName, checkSettings, checkSlug } from './check-settings.ts';
import type { LockStores } from './lock-stores.ts';
import type { StorePacing } from './ports.ts';
import { findStores, type Store, toStoreView } from './queries.ts';
import {
  findOrMakeBrand,
  insertStore,
  knowsTimeZone,
  raiseGeneration,
  readBooks,
  readSettings,
  updateStore,
} from './settings-queries.ts';

export interface SetUpDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly pacing: StorePacing;
  /** Gives a store that has no menu the menu of another. */
  readonly copyMenu: (tx: Queryable, fromStoreId: string, toStoreId: string) => Promise<void>;
  /** What is written down for ever. */
  readonly writeLog: (tx: Queryable, what: string, by: string, about: string | null, nowMs: number) => Promise<void>;
  readonly now: Clock;
}

/** What makes and changes stores: the API and the command line. */
export interface SetUp {
  /**
   * Makes a store, whole or not at all: its brand if that is new, its settings, and the menu of its template.
   * @param id what it will be known by; the same id again is the same request sent again
   * @throws Problem `invalid` naming each field, also for a slug that is taken
   */
  add(request: StoreRequest, id?: string): Promise<{ readonly settings: StoreSettings; readonly isNew: boolean }>;
  /** @throws Problem `invalid` naming each field, also for what cannot change once there are orders */
  change(store: Store, change: StoreChange): Promise<StoreSettings>;
  read(store: Store): Promise<StoreSettings>;
  /** The store as Postgres has it now: what is printed must not be a second old. */
  newest(store: Store): Promise<Store>;
  /** A table's printed link counts no more; its next one has another key. @returns the store as it is now @throws Problem `invalid` for a table that the store does not have */
  rotateLink(store: Store, table: string, by: string): Promise<Store>;
}

/** The usual restaurant, where nobody says otherwise. */
const USUAL = { timeZone: 'Asia/Seoul', currency: 'KRW', prepMinutes: 15 } as const satisfies CheckedSettings;
const TABLES_USUAL = 20;

/** What the books are kept in. */
const BOOKS = ['currency', 'timeZone', 'dayStartsHour'] as const;

export function createSetUp({ db, lockStores, pacing, copyMenu, writeLog, now }: SetUpDeps): SetUp {
  const reads = { db, pacing, now };

  async function read(storeId: string): Promise<StoreSettings> {
    const [[store], own] = await Promise.all([findStores(reads, [storeId], []), readSettings(db, storeId)]);
    return { ...toStoreView(store!), ...own };
  }

  const newest = async ({ id }: Store): Promise<Store> => (await findStores(reads, [id], []))[0]!;

  async function check(asked: StoreChange): Promise<CheckedSettings> {
    const checked = checkSettings(asked);
    if (checked.timeZone !== undefined && !(await knowsTimeZone(db, checked.timeZone))) {
      throw invalidField('timeZone', 'is not known to the database', 'a name such as Asia/Seoul or UTC');
    }
    return checked;
  }

  /** Of the template, all but what is each store's own. */
  async function settingsOf(template: Store): Promise<CheckedSettings & { readonly brandId: string }> {
    const own = await readSettings(db, template.id);
    const { rows } = await db.query<{ id: string }>('SELECT brand_id AS id FROM store WHERE id = $1', [template.id]);
    const { hours, daysOff, prepMinutes, dayStartsHour, stations, languages, tableNames, tableLimits, discountMax } =
      own;
    const { currency, timeZone } = template;
    return {
      brandId: rows[0]!.id,
      hours,
      daysOff,
      prepMinutes,
      dayStartsHour,
      stations,
      languages,
      currency,
      timeZone,
      tableLinks: own.tableLinks,
      visitCode: own.visitCode,
      tableLimits,
      discountMax,
      payFirst: template.payFirst ?? false,
      ...(tableNames && { tableNames }),
    };
  }

  return {
    async add({ slug: asked, brand, template: templateSlug, ...rest }, id = newId(now())) {
      const slug = checkSlug('slug', asked);
      const settings = await check(rest);
      const brandSlug = brand && checkSlug('brand.slug', brand.slug);
      const brandName = brand?.name && checkBrandName(brand.name);
      const [template] = templateSlug === undefined ? [] : await findStores(reads, [], [templateSlug]);
      if (templateSlug !== undefined && !template) {
        throw invalidField('template', 'is no store', 'the slug of a store that there is');
      }
      if (template && settings.currency !== undefined && settings.currency !== template.currency) {
        throw invalidField('currency', "is not the template's, so its prices mean nothing", template.currency);
      }
      if (!settings.name) throw invalidField('name', 'is missing', 'the name of the store');
      const like = template && (await settingsOf(template));
      const isNew = await db.transaction(async (tx) => {
        const brandId = brandSlug
          ? await findOrMakeBrand(tx, { id: newId(now()), slug: brandSlug, name: brandName })
          : (like?.brandId ?? (await usualBrand(tx, { id: newId(now()), slug, name: settings.name })));
        if (!brandId) {
          throw brandSlug
            ? invalidField('brand.name', 'is missing, and there is no such brand yet', 'the name of the brand')
            : invalidField('brand', 'is missing', 'the brand that the store belongs to');
        }
        const { brandId: _, ...usual } = like ?? { ...USUAL, brandId: '' };
        const tables = checkSettings({ tables: TABLES_USUAL });
        const made = await insertStore(tx, { id, brandId, slug }, { ...tables, ...usual, ...settings });
        if (made && template) await copyMenu(tx, template.id, id);
        if (!made) await checkRepeat(tx, id, slug);
        return made;
      });
      return { settings: await read(id), isNew };
    },

    async change(store, asked) {
      const settings = await check(asked);
      await db.transaction(async (tx) => {
        await lockStores(tx, [store.id]);
        const books = await readBooks(tx, store.id);
        const changed = BOOKS.find((key) => settings[key] !== undefined && settings[key] !== books[key]);
        if (changed && books.hasOrders) {
          throw invalidField(changed, 'cannot change any more: there are orders in it', String(books[changed]));
        }
        await updateStore(tx, store.id, settings);
      });
      return read(store.id);
    },

    read: (store) => read(store.id),
    newest,

    async rotateLink(store, table, by) {
      if (!tablesOf(store).includes(table)) throw invalidField('table', 'is not known here', 'a table of this store');
      await db.transaction(async (tx) => {
        await lockStores(tx, [store.id]);
        await raiseGeneration(tx, store.id, table);
        await writeLog(tx, 'table link replaced', by, `${store.slug} ${table}`, now());
      });
      return newest(store);
    },
  };
}

/** By name, those that are listed; where nobody listed them, as many as there are. */
export const tablesOf = ({ tables, tableNames }: Pick<Store, 'tables' | 'tableNames'>): readonly string[] =>
  tableNames ?? Array.from({ length: tables }, (_, index) => String(index + 1));

/** Where there is one brand only it need not be said, and whoever opens their first restaurant has a brand of its name. */
async function usualBrand(tx: Queryable, own: Parameters<typeof findOrMakeBrand>[1]): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>('SELECT id FROM brand LIMIT 2', [], 'only-brand');
  if (rows.length === 0) return findOrMakeBrand(tx, own);
  return rows.length === 1 ? rows[0]!.id : undefined;
}

/** @throws Problem unless the store that is there was made by the same request */
async function checkRepeat(tx: Queryable, id: string, slug: string): Promise<void> {
  const { rows } = await tx.query<{ id: string; slug: string }>(
    'SELECT id, slug FROM store WHERE id = $1 OR slug = $2',
    [id, slug],
    'store-repeated',
  );
  if (rows.length === 1 && rows[0]!.id === id && rows[0]!.slug === slug) return;
  if (rows.some((row) => row.id === id)) {
    throw new Problem('key-reused', { detail: 'This Idempotency-Key belongs to another store.' });
  }
  throw invalidField('slug', 'is taken', 'a name that no other store has');
}
