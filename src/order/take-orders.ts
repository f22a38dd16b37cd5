import type { Clock } from '../platform/clock.ts';
import { businessDay } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import type { Candidate } from './candidate.ts';
import { type Decision, decide, type Head, orderKey } from './decide.ts';
import type { Announcer, Catalogues, Effects, LockStores, StoreDirectory } from './ports.ts';
import { findExisting, readStock, writeDecisions } from './statements.ts';
import { remainingOf } from './stock-count.ts';

export interface TakeOrdersDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly stores: StoreDirectory;
  readonly catalogues: Catalogues;
  readonly effects: Effects;
  readonly announcer: Announcer;
  readonly now: Clock;
}

export type TakeOrders = (group: readonly Candidate[]) => Promise<readonly Decision[]>;

/**
 * Takes a group of orders in one transaction: all that was decided is on disk when it resolves, and nothing when it
 * rejects, except after a lost connection during the commit, where nobody knows. Taking the same group again is then
 * both the question and the answer: the stores' locks wait for the old transaction's end, and what exists is a replay.
 */
export function createTakeOrders(deps: TakeOrdersDeps): TakeOrders {
  return async (group) => {
    const storeIds = [...new Set(group.map((order) => order.storeId))];
    // Before the transaction: whoever holds a store's lock must not wait for a second connection, since all of them may
    // be held by others who wait for that lock.
    const stores = new Map(await Promise.all(storeIds.map(async (id) => [id, await deps.stores.find(id)] as const)));
    return deps.db.transaction(async (tx) => {
      const itemIds = [...new Set(group.flatMap((order) => order.lines.map((line) => line.itemId)))];
      const [rows, existing, stock] = await Promise.all([
        deps.lockStores(tx, storeIds),
        findExisting(tx, group),
        readStock(tx, storeIds, itemIds),
      ]);

      const heads = new Map<string, Head>();
      for (const row of rows) {
        heads.set(row.storeId, {
          store: stores.get(row.storeId)!,
          state: row.state,
          day: row.day,
          lastNumber: row.lastNumber,
          catalogue: await catalogueOf(deps.catalogues, tx, row.storeId, row.menuVersion),
        });
      }
      const nowMs = deps.now();
      const decided = decide(group, {
        heads,
        existing: new Map(existing.map((row) => [orderKey(row.store_id, row.id), row.hash])),
        stock: new Map(stock.map((row) => [orderKey(row.storeId, row.itemId), row])),
        nowMs,
        today: (store) => businessDay(nowMs, store.timeZone, store.dayStartsHour),
      });

      if (decided.placed.length > 0) {
        const emptied = decided.sold.filter((row) => remainingOf(row) === 0).map((row) => row.storeId);
        await Promise.all([
          writeDecisions(tx, decided),
          deps.effects.orderPlaced(
            tx,
            decided.placed.map((order) => order.candidate),
          ),
          emptied.length > 0 &&
            deps.announcer.announce(
              tx,
              [...new Set(emptied)].map((storeId) => ({ kind: 'menu', storeId })),
            ),
        ]);
      }
      return decided.decisions;
    });
  };
}

const catalogueOf = (catalogues: Catalogues, tx: Queryable, storeId: string, version: number) =>
  catalogues.at(storeId, version) ?? catalogues.load(tx, storeId);
