import type { Clock } from '../platform/clock.ts';
import { businessDay } from '../platform/clock.ts';
import type { Db, Queryable, Transaction } from '../platform/db/pool.ts';
import type { Candidate } from './candidate.ts';
import { type Decision, decide, type Head, orderKey, type PlacedOrder } from './decide.ts';
import type { KnownOrders } from './known-orders.ts';
import type {
  Announcer,
  Catalogue,
  Catalogues,
  LiveMessage,
  LockStores,
  OrderJobs,
  Pacing,
  Store,
  StoreDirectory,
  TableBills,
  TableKeys,
} from './ports.ts';
import { findExisting, readStock, writeDecisions } from './statements.ts';
import { remainingOf } from './stock-count.ts';

export interface TakeOrdersDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly stores: StoreDirectory;
  readonly catalogues: Catalogues;
  readonly orderJobs: OrderJobs;
  readonly pacing: Pacing;
  readonly bills: TableBills;
  readonly tableKeys: TableKeys;
  /** Takes what follows from orders that wait for their money; unset: none waits. */
  readonly holds?: (tx: Queryable, orders: readonly Candidate[]) => Promise<void>;
  readonly announcer: Announcer;
  /** Told of orders once they are committed; unset: nobody keeps them. */
  readonly known?: Pick<KnownOrders, 'placed'> | undefined;
  readonly now: Clock;
}

/** `held`: the row of its store is locked by another transaction, so nothing was decided. */
export type Outcome = Decision | { readonly kind: 'held' };

/**
 * @param options `wait`: for a store's row, as long as the connection's lock time-out allows. Only for a group of one store:
 *   one of several that waited would hold up the others' guests, and those of other processes behind them
 */
export type TakeOrders = (
  group: readonly Candidate[],
  options: { readonly wait: boolean },
) => Promise<readonly Outcome[]>;

const HELD: Outcome = { kind: 'held' };
/** SQLSTATE of a lock time-out. */
const LOCK_NOT_AVAILABLE = '55P03';
/** Rolls back, and is caught where the transaction began. */
class StoreHeld extends Error {}

/**
 * Takes a group of orders in one transaction: all that was decided is on disk when it resolves, and nothing when it
 * rejects, except after a lost connection during the commit, where nobody knows. Taking the same group again is then
 * both the question and the answer: the stores' locks wait for the old transaction's end, and what exists is a replay.
 */
export function createTakeOrders(deps: TakeOrdersDeps): TakeOrders {
  return async (group, { wait }) => {
    const storeIds = [...new Set(group.map((order) => order.storeId))];
    // Before the transaction: whoever holds a store's lock must wait neither for a second connection nor for what others
    // can be asked beforehand.
    const [stores, catalogues] = await Promise.all([
      Promise.all(storeIds.map(async (id) => [id, await deps.stores.find(id)] as const)).then((all) => new Map(all)),
      cataloguesAhead(deps, storeIds),
    ]);
    try {
      const written: Written = { placed: [], version: undefined };
      const outcomes = await deps.db.transaction((tx) =>
        takeInside(deps, tx, { group, wait, storeIds, stores, catalogues, written }),
      );
      if (written.version !== undefined) deps.known?.placed(written.placed, written.version);
      return outcomes;
    } catch (error) {
      if (error instanceof StoreHeld) return group.map(() => HELD);
      throw error;
    }
  };
}

interface Prepared {
  readonly group: readonly Candidate[];
  readonly wait: boolean;
  readonly storeIds: readonly string[];
  readonly stores: ReadonlyMap<string, Store>;
  readonly catalogues: ReadonlyMap<string, Catalogue>;
  readonly written: Written;
}

/** What the transaction wrote, for after its commit. */
interface Written {
  placed: readonly PlacedOrder[];
  version: string | undefined;
}

async function takeInside(
  deps: TakeOrdersDeps,
  tx: Transaction,
  { group, wait, storeIds, stores, catalogues, written }: Prepared,
): Promise<readonly Outcome[]> {
  const itemIds = [...new Set(group.flatMap((order) => order.lines.map((line) => line.itemId)))];
  const tables = group.flatMap(({ storeId, table, lines }) => {
    if (table === null) return [];
    const portions = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    return [{ storeId, table, portions, limits: stores.get(storeId)!.tableLimits }];
  });
  // Sent together. When the lock fails so does all that follows it, and the lock's error is the one that says why.
  const locking = deps.lockStores(tx, storeIds, { wait });
  const paced = storeIds.filter((id) => stores.get(id)!.isPaced);
  const reading = Promise.all([
    findExisting(tx, group),
    readStock(tx, storeIds, itemIds),
    paced.length > 0 ? deps.pacing.read(tx, paced) : undefined,
    tables.length > 0 ? deps.bills.read(tx, tables) : undefined,
  ]);
  reading.catch(() => {});
  const rows = await locking.catch((error: Error & { code?: string }) => {
    throw error.code === LOCK_NOT_AVAILABLE ? new StoreHeld() : error;
  });
  const [existing, stock, known, tableBills] = await reading;
  // Paced since this process last looked: rare, and read under the lock it is never wrong.
  const newlyPaced = rows.filter((row) => row.isPaced && !paced.includes(row.storeId)).map(({ storeId }) => storeId);
  const paces =
    newlyPaced.length > 0
      ? await deps.pacing.read(
          tx,
          rows.filter((row) => row.isPaced).map(({ storeId }) => storeId),
        )
      : known;

  // A menu that was changed meanwhile is read again under the lock: rare, and the only way that is never wrong.
  const changed = rows.filter((row) => catalogues.get(row.storeId)?.menuVersion !== row.menuVersion);
  const reread = await deps.catalogues.load(
    tx,
    changed.map((row) => row.storeId),
  );
  const nowMs = deps.now();
  const heads = new Map<string, Head>();
  for (const row of rows) {
    const store = stores.get(row.storeId)!;
    const stated = {
      state: row.state,
      by: row.stateBy,
      reason: row.stateReason,
      untilMs: row.stateUntil?.getTime() ?? null,
    };
    heads.set(row.storeId, {
      store,
      pace: deps.pacing.begin(store, stated, paces?.get(row.storeId), nowMs),
      day: row.day,
      lastNumber: row.lastNumber,
      catalogue: (reread.get(row.storeId) ?? catalogues.get(row.storeId))!,
    });
  }
  // Who waited for the lock sees every store that there is.
  const free = wait ? group : group.filter((order) => heads.has(order.storeId));
  const bills = tableBills && deps.bills.begin(tableBills);
  const decided = decide(free, {
    heads,
    bills,
    existing: new Map(existing.map((row) => [orderKey(row.store_id, row.id), row.hash])),
    stock: new Map(stock.map((row) => [orderKey(row.storeId, row.itemId), row])),
    nowMs,
    tableRefusal: deps.tableKeys.refusal,
    today: (store) => businessDay(nowMs, store.timeZone, store.dayStartsHour),
  });

  if (decided.placed.length > 0) {
    const emptied = Map.groupBy(
      decided.sold.filter((row) => remainingOf(row) === 0),
      (row) => row.storeId,
    );
    // Before the kitchen cooks for the counter some stores want their money.
    const held = deps.holds ? decided.placed.filter(waitsForMoney) : [];
    const going = held.length > 0 ? decided.placed.filter((order) => !waitsForMoney(order)) : decided.placed;
    const write = () =>
      Promise.all([
        writeDecisions(tx, decided).then((version) => Object.assign(written, { version, placed: decided.placed })),
        bills?.hasChanged && deps.bills.write(tx, bills),
        deps.pacing.add(
          tx,
          [...decided.paces].flatMap(([storeId, { added }]) =>
            [...added].map(([station, portions]) => ({ storeId, station, portions })),
          ),
        ),
        going.length > 0 &&
          deps.orderJobs.orderPlaced(
            tx,
            going.map((order) => order.candidate),
          ),
        held.length > 0 &&
          deps.holds?.(
            tx,
            held.map((order) => order.candidate),
          ),
        emptied.size > 0 && deps.announcer.announce(tx, [...emptied].map(emptiedMessage)),
      ]);
    // An order waits for three turns of the event loop instead of four, and its store's row is held for one less.
    if (deps.orderJobs.sendsAtOnce && !tx.isSharded) await tx.commitWith(write);
    else await write();
  }
  // Nobody's order was taken, and staff are asked.
  else if (bills?.hasChanged) await deps.bills.write(tx, bills);
  if (tx.isSharded) {
    const replayed = free.filter((order, index) => {
      // What may wait for its money is cooked by whoever takes that.
      const mayWait = stores.get(order.storeId)!.payFirst === true && order.table === null;
      return decided.decisions[index]!.kind === 'replayed' && !mayWait;
    });
    if (replayed.length > 0) await deps.orderJobs.orderReplayed(tx, replayed);
  }
  if (free === group) return decided.decisions;
  const decisions = decided.decisions.values();
  return group.map((order) => (heads.has(order.storeId) ? decisions.next().value! : HELD));
}

const waitsForMoney = ({ store, candidate, priced }: PlacedOrder): boolean =>
  store.payFirst === true && candidate.table === null && priced.total > 0;

/** What is kept of these stores' prices, and what is not, by one question for all. Some may be out of date. */
async function cataloguesAhead({ db, catalogues }: TakeOrdersDeps, storeIds: readonly string[]) {
  const kept = new Map<string, Catalogue>();
  for (const storeId of storeIds) {
    const catalogue = catalogues.kept(storeId);
    if (catalogue) kept.set(storeId, catalogue);
  }
  const missing = storeIds.filter((storeId) => !kept.has(storeId));
  for (const [storeId, catalogue] of await catalogues.load(db, missing)) kept.set(storeId, catalogue);
  return kept;
}

/** A notification holds 7.9 kB, which is 190 ids. */
const DISHES_TOLD_MAX = 150;

/** What a store is announced as of whose dishes some have just sold out; when too many to name, nobody knows which. */
function emptiedMessage([storeId, sold]: [string, readonly { readonly itemId: string }[]]): LiveMessage {
  if (sold.length > DISHES_TOLD_MAX) return { kind: 'menu', storeId };
  return { kind: 'menu', storeId, gone: sold.map(({ itemId }) => itemId) };
}
