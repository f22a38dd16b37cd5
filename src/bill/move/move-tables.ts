import type { Clock } from '../../platform/clock.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import { invalidField, Problem } from '../../platform/http/problem.ts';
import { newId } from '../../platform/id.ts';
import { type Bill, findBill, findTableBill } from '../bills.ts';
import { noSuchBill } from '../change-bill.ts';
import { entriesOf, standingDiscounts } from '../entries.ts';
import type { Announcer, LockStores, Store } from '../ports.ts';
import { billMessages } from '../table-bills.ts';
import { mainOf, type Seat, seatsOf } from './merged-tables.ts';
import { allOrders, insertMove, ordersOfTable, putOrders, writeMerged, writeTable } from './moves.ts';

export interface MoveTablesDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly announcer: Announcer;
  /** Gives orders, their tickets, and whoever follows them another table, and tells the kitchen. */
  readonly ordersMoved: (
    tx: Queryable,
    storeId: string,
    orderIds: readonly string[],
    moved: { readonly from: string; readonly to: string },
  ) => Promise<void>;
  readonly now: Clock;
}

/** What staff do with tables that have guests. Each returns the bill to look at. */
export interface MoveTables {
  /**
   * Guests sit at another table, which is free: their bill, orders and tickets go with them.
   * @throws Problem `invalid`, `bill-closed`, `table-taken`, `stale` when they do not sit at `from` any more
   */
  move(
    store: Store,
    billId: string,
    asked: { readonly from: string; readonly to: string },
    by: string,
  ): Promise<string>;
  /**
   * A bill's orders come on the bill of another table; both tables then order on that one.
   * @throws Problem `invalid`, `bill-closed`, `bill-paid` when something was paid or given off it already
   */
  merge(store: Store, billId: string, table: string, by: string): Promise<string>;
  /** A table that was merged has a bill of its own again, with what was ordered there. @throws as `merge` */
  split(store: Store, billId: string, table: string, by: string): Promise<string>;
}

/**
 * All of it under the store's lock, which whoever orders, pays and cancels takes as well: an order is taken before a move and goes along,
 * or after it and is of whoever sits there now; of two tablets at once the second finds what the first did.
 */
export function createMoveTables({ db, lockStores, announcer, ordersMoved, now }: MoveTablesDeps): MoveTables {
  interface Opened {
    readonly tx: Queryable;
    readonly bill: Bill;
    readonly seats: readonly Seat[];
  }

  /** @param work changes it. @returns the bills that have changed, first the one to look at */
  const change = (store: Store, id: string, work: (opened: Opened) => Promise<readonly string[]>): Promise<string> =>
    db.transaction(async (tx) => {
      await lockStores(tx, [store.id]);
      const bill = await mainOf(tx, await findBill(tx, store.id, id));
      if (!bill) throw noSuchBill();
      if (bill.closedAt) throw new Problem('bill-closed', { detail: 'The visit is over.' });
      const changed = await work({ tx, bill, seats: await seatsOf(tx, store.id, bill.id) });
      await announcer.announce(tx, billMessages(changed.map((billId) => ({ storeId: store.id, billId }))));
      return changed[0]!;
    });

  const note = (
    tx: Queryable,
    kind: 'move' | 'merge' | 'split',
    { storeId, id }: Bill,
    from: string,
    to: string,
    by: string,
  ) => insertMove(tx, { storeId, id: newId(now()), billId: id, kind, from, to, by, at: new Date(now()) });

  async function checkUnpaid(tx: Queryable, { storeId, id }: Bill): Promise<void> {
    const entries = await entriesOf(tx, storeId, id);
    // A discount that was taken back is as if nobody had given it.
    const isAsItWas = entries.every(({ kind }) => kind === 'discount' || kind === 'reversal');
    if (!isAsItWas || standingDiscounts(entries).length > 0) {
      throw new Problem('bill-paid', {
        detail: 'Something of this bill was paid or given already, so it stays as it is.',
      });
    }
  }

  return {
    move: (store, billId, { from, to: asked }, by) =>
      change(store, billId, async ({ tx, bill, seats }) => {
        const to = checkTable(store, 'to', asked);
        const seat = seats.find(({ table }) => table === from);
        if (!seat) {
          // The same tap again comes to the same.
          if (seats.some(({ table }) => table === to)) return [bill.id];
          const tables = seats.map(({ table }) => table);
          throw new Problem('stale', { detail: `They sit at ${tables.join(', ')} now.`, extra: { tables } });
        }
        if (to === from) return [bill.id];
        const taken = await mainOf(tx, await findTableBill(tx, store.id, to));
        if (taken) {
          const detail = `There are guests at ${to}: their bills can be merged.`;
          throw new Problem('table-taken', { detail, extra: { bill: taken.id } });
        }
        const { ids } = await ordersOfTable(tx, store.id, bill.id, from);
        await writeTable(tx, store.id, seat.id, to);
        await ordersMoved(tx, store.id, ids, { from, to });
        await note(tx, 'move', bill, from, to, by);
        return [bill.id];
      }),

    merge: (store, billId, table, by) =>
      change(store, billId, async ({ tx, bill }) => {
        const into = await mainOf(tx, await findTableBill(tx, store.id, table.trim()));
        if (!into) throw invalidField('table', 'has no guests', 'a table with an open bill');
        if (into.id === bill.id) return [bill.id];
        if (bill.table === null) throw invalidField('bill', 'is of an order at the counter', "a table's bill");
        await checkUnpaid(tx, bill);
        await putOrders(tx, store.id, bill.id, into.id, await allOrders(tx, bill));
        await writeMerged(tx, store.id, bill.id, into.id);
        await note(tx, 'merge', into, bill.table, into.table!, by);
        return [into.id, bill.id];
      }),

    split: (store, billId, table, by) =>
      change(store, billId, async ({ tx, bill, seats }) => {
        const merged = seats.filter(({ id }) => id !== bill.id);
        const seat = merged.find((each) => each.table === table.trim());
        if (!seat) {
          const allowed = merged.map((each) => each.table).join(', ') || 'none: no other table is on it';
          throw invalidField('table', 'was not merged into this bill', allowed);
        }
        await checkUnpaid(tx, bill);
        const its = await ordersOfTable(tx, store.id, bill.id, seat.table);
        await putOrders(tx, store.id, bill.id, seat.id, its);
        await writeMerged(tx, store.id, seat.id, null);
        await note(tx, 'split', bill, bill.table!, seat.table, by);
        return [seat.id, bill.id];
      }),
  };
}

/** A table at which guests can be put. @throws Problem `invalid` */
export function checkTable(store: Pick<Store, 'tableNames'>, field: string, asked: string): string {
  const table = asked.trim();
  if (!table || table.includes('\0') || !table.isWellFormed()) throw invalidField(field, 'is no name', 'a name');
  if (store.tableNames && !store.tableNames.includes(table)) {
    throw invalidField(field, 'is not known here', 'a table of this store');
  }
  return table;
}
