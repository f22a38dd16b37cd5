import type { Clock } from '../platform/clock.ts';
import { createCoalesced } from '../platform/concurrency/coalesce.ts';
import { afterCommit } from '../platform/db/after-commit.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { dropHold, insertHolds } from './holds.ts';
import { refOf, underwayOf } from './intents.ts';
import { createPay, type PayBounds } from './pay.ts';
import type { Bills, LockStores, OrderRef, Orders, PaymentProvider, Store } from './ports.ts';
import { createReconcile, type ReconcileDeps } from './reconcile.ts';
import { refundEntry } from './refunds.ts';
import { createSettle } from './settle.ts';
import { createSweep, type SweepBounds } from './sweep.ts';

export interface PaymentsDeps {
  readonly db: Db;
  readonly provider: PaymentProvider;
  readonly lockStores: LockStores;
  readonly bills: Bills;
  readonly orders: Orders;
  readonly storeOf: (db: Queryable, storeId: string) => Promise<Store | undefined>;
  readonly audit: ReconcileDeps['audit'];
  readonly now: Clock;
  readonly bounds: PayBounds & SweepBounds & { readonly unknownAfterMs: number };
}

/** What the bill's room tells of an entry, in its transaction. */
export interface Entered {
  readonly storeId: string;
  readonly billId: string;
  readonly entryId: string;
  /** Of a refund of a payment by phone: that payment's entry. */
  readonly paidBack: { readonly entryId: string; readonly amount: number } | undefined;
  /** Nothing is left to pay. */
  readonly isSettled: boolean;
}

export type Payments = ReturnType<typeof createPayments>;

/** Payments by phone, put together; see docs/guide/payments.md for the states and who repairs what. */
export function createPayments(deps: PaymentsDeps) {
  const { provider, now, bounds } = deps;
  // What a killed process leaves is sent by the job.
  const sending = createCoalesced(() => sweep.refunds());
  const refundsDue = sending.ask;
  const settle = createSettle({ ...deps, refundsDue, unknownAfterMs: bounds.unknownAfterMs });
  const sweep = createSweep({ ...deps, settle });
  const pay = createPay({ ...deps, settle });

  return {
    ...pay,
    sweep: sweep.run,
    reconcile: createReconcile({ ...deps, settle }),

    /**
     * Hears of a payment: whoever it is about, the provider is asked.
     * @throws Problem `signature-refused`, `unavailable` when it is to be sent again
     */
    async notified(headers: Readonly<Record<string, unknown>>, body: Buffer): Promise<void> {
      const { storeId, id } = refOf(await provider.readNotification(headers, body, now()))!;
      try {
        await settle.ask(storeId, id);
      } catch (cause) {
        if (cause instanceof Problem) throw cause;
        throw new Problem('unavailable', { detail: 'The payment could not be asked about.', retryAfterS: 5, cause });
      }
    },

    /** In the transaction that takes these orders: the kitchen hears of them when they are paid. */
    async hold(tx: Queryable, orders: readonly OrderRef[], ms: number): Promise<void> {
      await insertHolds(tx, orders, new Date(now() + ms));
    },

    /** In the transaction that changes a bill: money goes back by the way it came, and an order that waited for its money waits no more. */
    async entered(tx: Queryable, { storeId, billId, entryId, paidBack, isSettled }: Entered): Promise<void> {
      if (paidBack) {
        const refund = { entryId, paymentEntryId: paidBack.entryId, amount: paidBack.amount };
        await refundEntry(tx, storeId, refund, new Date(now()));
        afterCommit(tx, refundsDue);
      }
      // The bill of an order at the counter has the order's id.
      const order = { storeId, id: billId };
      if (isSettled && (await dropHold(tx, order))) await deps.orders.release(tx, order);
    },

    /** In the transaction that cancels an order, when it is off its bill. */
    async orderCancelled(tx: Queryable, order: OrderRef): Promise<void> {
      await dropHold(tx, order);
      await deps.bills.payBack(tx, order);
    },

    /** Whether somebody is paying for an order at this moment. */
    async isUnderway(db: Queryable, order: OrderRef): Promise<boolean> {
      return (await underwayOf(db, order.storeId, [order.id], new Date(now()))).amount > 0;
    },

    /** Waits for what is being sent. */
    close: sending.idle,
  };
}
