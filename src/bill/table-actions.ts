import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { allowMore, findBill, findTableBill, openBill } from './bills.ts';
import { noSuchBill } from './change-bill.ts';
import { mainOf } from './move/merged-tables.ts';
import { checkTable } from './move/move-tables.ts';
import type { Announcer, LockStores, Store } from './ports.ts';
import { billMessages } from './table-bills.ts';

export interface TableActionsDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly announcer: Announcer;
  readonly now: Clock;
}

/** What staff say of a table's visit that is no money. */
export function createTableActions({ db, lockStores, announcer, now }: TableActionsDeps) {
  return {
    /** @throws Problem `invalid` for a table that the store does not have */
    open(store: Store, asked: string, id: string): Promise<{ id: string; isNew: boolean }> {
      const table = checkTable(store, 'table', asked);
      return db.transaction(async (tx) => {
        await lockStores(tx, [store.id]);
        const known = await mainOf(tx, await findTableBill(tx, store.id, table));
        if (known) return { id: known.id, isNew: false };
        const isNew = await openBill(tx, { storeId: store.id, id, table, openedAt: new Date(now()) });
        if (!isNew) throw new Problem('key-reused', { detail: 'This Idempotency-Key belongs to another bill.' });
        await announcer.announce(tx, billMessages([{ storeId: store.id, billId: id }]));
        return { id, isNew };
      });
    },

    /** Says yes to what a table asks; where nothing is asked any more it changes nothing. @throws Problem `not-found`, `bill-closed` */
    allow(store: Store, id: string): Promise<void> {
      return db.transaction(async (tx) => {
        await lockStores(tx, [store.id]);
        const bill = await findBill(tx, store.id, id);
        if (!bill) throw noSuchBill();
        if (bill.closedAt) throw new Problem('bill-closed', { detail: 'The visit is over.' });
        await allowMore(tx, store.id, id, store.tableLimits);
        await announcer.announce(tx, billMessages([{ storeId: store.id, billId: id }]));
      });
    },
  };
}
