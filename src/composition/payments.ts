import { createBillsByPhone, createEnter, type Entered, findCounterOrder } from '../bill/index.ts';
import { BOUNDS, type Config } from '../config.ts';
import { isPrinted, pacing } from '../kitchen/index.ts';
import { createCancelOrder, type OrderJobs, promiseLater } from '../order/index.ts';
import {
  createPayments,
  createSandboxProvider,
  createSendNotices,
  NO_PROVIDER,
  type Payments,
  readSandboxKeys,
} from '../payment/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import type { Announcer } from '../platform/live/announcer.ts';
import { writeLog, writeStoreLog } from '../staff/index.ts';
import { findStores, type LockStores } from '../store/index.ts';

export interface PaymentJobsDeps {
  readonly config: Config;
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly orderJobs: OrderJobs;
  readonly announcer: Announcer;
  /** What follows from an order that waited for its money, and has it. */
  readonly released: OrderJobs['orderPlaced'];
  /** Where this process listens; undefined: nowhere (yet). */
  readonly ownUrl: () => string | undefined;
  readonly providerWithinMs: number;
  readonly now: Clock;
}

/** Payments by phone: what a bill owes, what an order waits for, and who takes the money. */
export function createPaymentJobs(deps: PaymentJobsDeps) {
  const { config, db, lockStores, orderJobs, announcer, now } = deps;
  const storeOf = async (on: Queryable, id: string) => (await findStores({ db: on, pacing, now }, [id], []))[0];
  const keys = once(() => readSandboxKeys(db));
  const provider =
    config.payment === 'sandbox'
      ? createSandboxProvider({
          url: () => config.paymentUrl ?? deps.ownUrl() ?? selfUrl(config),
          keys,
          timeoutMs: deps.providerWithinMs,
        })
      : undefined;
  const cancel = createCancelOrder({
    db,
    lockStores,
    orderJobs,
    announcer,
    isBegun: isPrinted,
    now,
  });
  const enter = createEnter({
    announcer,
    counterOrder: findCounterOrder,
    async entered(tx, entered) {
      await Promise.all([note(tx, entered), payments.entered(tx, entered)]);
    },
    now,
  });
  /** Who gave something away or back; money that was taken is in the till. */
  const note = async (
    tx: Queryable,
    { storeId, by, table, entry: { kind: what, amount, reason } }: Entered,
  ): Promise<void> => {
    if (what === 'payment' || amount === 0) return;
    const details = { amount, ...(table !== null && { table }), ...(reason && { reason }) };
    await writeStoreLog(tx, storeId, [{ what, by, details }], now());
  };
  const payments: Payments = createPayments({
    db,
    provider: provider ?? NO_PROVIDER,
    lockStores,
    bills: createBillsByPhone({ enter, counterOrder: findCounterOrder, storeOf, now }),
    orders: {
      async release(tx, order) {
        await promiseLater(tx, order, new Date(now()));
        await deps.released(tx, [order]);
      },
      async cancelUnpaid(store, id, only) {
        await cancel(store, id, 'staff', { returnPortions: true, reason: 'unpaid', only });
      },
    },
    storeOf,
    audit: (tx, about, nowMs) => writeLog(tx, 'payment-difference', 'payment-reconcile', about, nowMs),
    now,
    bounds: BOUNDS.payments,
  });
  const sendNotices = provider && createSendNotices(db, keys, now);
  return { payments, enter, provider, keys, sendNotices };
}

/** Where a process that does not listen finds the one of this machine that does. */
function selfUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Asks once, and again only where that failed. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}
