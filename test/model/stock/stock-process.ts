import { createTableBills, createVisitKeys } from '../../../src/bill/index.ts';
import { BOUNDS } from '../../../src/config.ts';
import type { ItemChange, OrderRequest } from '../../../src/contract/index.ts';
import { pacing } from '../../../src/kitchen/index.ts';
import { importMenu } from '../../../src/menu/file/apply/import-menu.ts';
import { parseMenu } from '../../../src/menu/file/parse/parse-menu.ts';
import { createCatalogues, createChangeItem, createReturnStock } from '../../../src/menu/index.ts';
import { toCandidate } from '../../../src/order/candidate.ts';
import type { Decision } from '../../../src/order/decide.ts';
import {
  createCancelOrder,
  createIntake,
  createTakeOrders,
  lockOrder,
  setOrderStatus,
} from '../../../src/order/index.ts';
import { type Db, openDb } from '../../../src/platform/db/pool.ts';
import { createTableKeys, lockStores } from '../../../src/store/index.ts';
import { findStores, type Store } from '../../../src/store/queries.ts';

/** The parts of a process that touch stock, with a clock that is moved by hand and nothing in common with other processes but Postgres. */
export interface StockProcess {
  order(storeId: string, id: string, request: OrderRequest): Promise<Decision>;
  cancel(storeId: string, id: string, returnPortions: boolean | undefined): Promise<void>;
  cook(storeId: string, id: string): Promise<void>;
  change(storeId: string, itemId: string, change: ItemChange): Promise<number | null>;
  importFile(storeId: string, file: string): Promise<void>;
  /** The scheduled return, as if it had begun at this moment. */
  returnStock(asOfMs: number): Promise<number>;
  close(): Promise<void>;
}

export interface StockProcessOptions {
  readonly databaseUrl: string;
  readonly intake: 'grouped' | 'direct';
  readonly now: () => number;
  /** Puts an old fault back: changes what is sent to Postgres. */
  readonly patch?: ((sql: string) => string) | undefined;
}

/** As the product's, but whoever waits on a slow machine is not refused. */
const PATIENT = { waitMaxMs: 600_000, patienceMs: 600_000 };

export function startStockProcess(options: StockProcessOptions): StockProcess {
  const db = patched(
    openDb({ url: options.databaseUrl, connectionsMax: 5, acquireTimeoutMs: 60_000, statementTimeoutMs: 60_000 }),
    options.patch,
  );
  const announcer = { announce: async () => {} };
  const orderJobs = {
    sendsAtOnce: true,
    orderPlaced: async () => {},
    orderReplayed: async () => {},
    orderCancelled: async () => {},
  };
  const { now } = options;
  const known = new Map<string, Store>();
  const find = async (id: string): Promise<Store> => {
    const store = known.get(id) ?? (await findStores({ db, pacing, now }, [id], []))[0]!;
    known.set(id, store);
    return store;
  };
  const stores = { find, knownIdIn: () => undefined, peek: () => undefined, changed: () => {} };
  const takeOrders = createTakeOrders({
    db,
    lockStores,
    stores,
    catalogues: createCatalogues(100),
    orderJobs,
    pacing,
    bills: createTableBills({ announcer, hasLimits: false, visits: createVisitKeys('unused'), now }),
    tableKeys: createTableKeys('a secret that nobody asks for'),
    announcer,
    now,
  });
  const intake = createIntake(takeOrders, { ...BOUNDS.intake[options.intake], ...PATIENT });
  const cancelOrder = createCancelOrder({ db, lockStores, orderJobs, announcer, isBegun: async () => false, now });
  const changeItem = createChangeItem(db, lockStores, announcer, now);
  return {
    order: (storeId, id, request) => intake.take(toCandidate(storeId, id, request)),
    async cancel(storeId, id, returnPortions) {
      await cancelOrder(await find(storeId), id, 'staff', { returnPortions });
    },
    cook: (storeId, id) =>
      db.transaction(async (tx) => {
        const order = (await lockOrder(tx, { storeId, id }))!;
        await setOrderStatus(tx, order, 'cooking', now(), announcer);
      }),
    change: async (storeId, itemId, change) => (await changeItem(await find(storeId), itemId, change)).remaining,
    async importFile(storeId, file) {
      const menu = parseMenu(Buffer.from(file), { format: 'csv', partial: false });
      await db.transaction((tx) => importMenu(tx, storeId, menu, { nowMs: now() }));
    },
    returnStock: (asOfMs) => createReturnStock(db, lockStores, announcer, () => asOfMs)(),
    async close() {
      await intake.drain();
      await db.close();
    },
  };
}

/** The same database, told other statements. */
function patched(db: Db, patch: ((sql: string) => string) | undefined): Db {
  if (!patch) return db;
  const through = <T extends Pick<Db, 'query'>>(of: T): T =>
    new Proxy(of, {
      get(target, key) {
        if (key === 'query') {
          return (sql: string, ...rest: []) => target.query(patch(sql), ...rest);
        }
        if (key === 'transaction') {
          return (work: (tx: never) => unknown) =>
            (target as unknown as Db).transaction((tx) => work(through(tx) as never) as Promise<unknown>);
        }
        const value = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return through(db);
}
