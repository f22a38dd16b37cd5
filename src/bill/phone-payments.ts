import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { newId } from '../platform/id.ts';
import { billOf, findBill, ordersOf } from './bills.ts';
import type { CounterOrder, Enter } from './change-bill.ts';
import { entriesOf, refundableOf } from './entries.ts';
import type { Actor, OrderRef, Store } from './ports.ts';
import { ORDERS_SHOWN_MAX } from './view.ts';

export interface ByPhoneDeps {
  readonly enter: Enter;
  /** @returns undefined when there is no such order, or it is a table's */
  readonly counterOrder: (db: Queryable, order: OrderRef) => Promise<CounterOrder | undefined>;
  readonly storeOf: (db: Queryable, storeId: string) => Promise<Store | undefined>;
  readonly now: Clock;
}

/** Who the entries of payments by phone are of. */
const BY: Actor = { role: 'owner', name: 'phone' };

/** An id is its own request: nobody else has it. */
const hashOf = (id: string): string => id.replaceAll('-', '');

/** Bills as payments by phone see them. */
export function createBillsByPhone({ enter, counterOrder, storeOf, now }: ByPhoneDeps) {
  return {
    /** The bill that an order is on. @returns undefined when there is no such order */
    async of(db: Queryable, order: OrderRef) {
      const billId = (await billOf(db, order)) ?? order.id;
      const bill = await findBill(db, order.storeId, billId);
      if (bill) {
        const orders = await ordersOf(db, order.storeId, billId, ORDERS_SHOWN_MAX);
        return { billId, due: bill.due, orderIds: orders.map(({ id }) => id) };
      }
      const counter = await counterOrder(db, order);
      return counter && { billId: order.id, due: counter.isCancelled ? 0 : counter.total, orderIds: [order.id] };
    },

    /** Puts what a provider took on a bill. In a transaction that holds its store's lock. */
    async pay(
      tx: Queryable,
      store: Store,
      billId: string,
      { entryId, amount, approval }: { readonly entryId: string; readonly amount: number; readonly approval: string },
    ): Promise<void> {
      const asked = { billId, key: entryId, requestHash: hashOf(entryId), by: BY };
      await enter(tx, store, asked, () => ({ kind: 'payment', amount, waived: 0, method: 'online', approval }));
    },

    /** Pays back what the bill of an order owes, as far as it was paid by phone, the latest payment first. Under the same lock. */
    async payBack(tx: Queryable, order: OrderRef): Promise<void> {
      const billId = await billOf(tx, order);
      const bill = billId && (await findBill(tx, order.storeId, billId));
      if (!bill || bill.due >= 0) return;
      const entries = await entriesOf(tx, order.storeId, bill.id);
      const paid = entries.filter(({ kind, method }) => kind === 'payment' && method === 'online').reverse();
      if (paid.length === 0) return;
      const store = (await storeOf(tx, order.storeId))!;
      let owed = -bill.due;
      for (const payment of paid) {
        const amount = Math.min(owed, refundableOf(payment, entries));
        if (amount === 0) continue;
        owed -= amount;
        const key = newId(now());
        const back = { kind: 'refund', amount, waived: 0, method: 'online', paymentId: payment.id } as const;
        await enter(tx, store, { billId: bill.id, key, requestHash: hashOf(key), by: BY }, () => back);
      }
    },
  };
}
