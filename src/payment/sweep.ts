import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { dropHold, holdOf, holdsOver } from './holds.ts';
import { intentsOfOrder, takeDueIntents } from './intents.ts';
import type { OrderRef, Orders, PaymentProvider, Store } from './ports.ts';
import { sendRefund, takeDueRefunds } from './refunds.ts';
import type { Settle } from './settle.ts';

export interface SweepDeps {
  readonly db: Db;
  readonly provider: PaymentProvider;
  readonly settle: Settle;
  readonly orders: Orders;
  readonly storeOf: (db: Queryable, storeId: string) => Promise<Store | undefined>;
  readonly now: Clock;
  readonly bounds: SweepBounds;
}

export interface SweepBounds {
  /** Between two questions about the same intent, or two tries of the same refund. */
  readonly againMs: number;
  /** Of one run, of each kind. */
  readonly batchMax: number;
  /** A provider that failed so often in a row is let alone until the next run. */
  readonly failuresMax: number;
  /** An order whose time is over is kept so long for a provider that cannot say whether it was paid. */
  readonly holdGraceMs: number;
  /** Of one order. */
  readonly intentsMax: number;
}

/** What one run did. */
export interface Swept {
  readonly asked: number;
  readonly unpaid: number;
  readonly refunds: number;
  /** The provider could not be reached. */
  readonly failed: boolean;
}

/**
 * Makes good whatever a crash, a lost notification or a provider that was away has left: asks about payments that nobody heard of, ends
 * those whose time is over, cancels orders that nobody paid in time, and sends refunds until they are done. What is to be done is in the
 * rows, so it may be killed anywhere and run beside itself.
 */
export function createSweep({ db, provider, settle, orders, storeOf, now, bounds }: SweepDeps) {
  const next = () => new Date(now() + bounds.againMs);

  /** Works through them one by one, and gives up on a provider that fails again and again. */
  async function each<T>(
    items: readonly T[],
    work: (item: T) => Promise<void>,
  ): Promise<{ done: number; failed: boolean }> {
    let failures = 0;
    let done = 0;
    for (const item of items) {
      if (failures >= bounds.failuresMax) break;
      try {
        await work(item);
        done += 1;
        failures = 0;
      } catch {
        failures += 1;
      }
    }
    return { done, failed: failures > 0 };
  }

  async function askDue() {
    const nowMs = now();
    return each(await takeDueIntents(db, new Date(nowMs), next(), bounds.batchMax), async (intent) => {
      if (intent.expiresAt.getTime() <= nowMs) await settle.end(intent);
      else await settle.ask(intent.storeId, intent.id);
    });
  }

  async function refunds() {
    const due = await takeDueRefunds(db, new Date(now()), next(), bounds.batchMax);
    return each(due, (refund) => sendRefund(db, provider, refund, new Date(now())));
  }

  /** @returns false: the provider may still say that it was paid */
  async function isUnpaid(order: OrderRef, until: Date): Promise<boolean> {
    const open = (await intentsOfOrder(db, order, bounds.intentsMax)).filter(({ state }) => state === 'open');
    // None must be paid after the order is gone; one that was paid has released it by then.
    const { failed } = await each(open, async (intent) => void (await settle.end(intent)));
    return !failed || now() - until.getTime() > bounds.holdGraceMs;
  }

  async function cancelUnpaid(): Promise<{ done: number; failed: boolean }> {
    let failed = false;
    let done = 0;
    for (const { until, ...order } of await holdsOver(db, new Date(now()), bounds.batchMax)) {
      const store = await storeOf(db, order.storeId);
      if (!store) continue;
      if (await isUnpaid(order, until)) {
        try {
          await orders.cancelUnpaid(store, order.id, async (tx) => (await holdOf(tx, order)) !== undefined);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          // It is gone or was served: nobody waits for its money any more.
          await dropHold(db, order);
        }
        done += 1;
      } else failed = true;
    }
    return { done, failed };
  }

  return {
    refunds,
    async run(): Promise<Swept> {
      const unpaid = await cancelUnpaid();
      const asked = await askDue();
      const sent = await refunds();
      return {
        asked: asked.done,
        unpaid: unpaid.done,
        refunds: sent.done,
        failed: unpaid.failed || asked.failed || sent.failed,
      };
    },
  };
}
