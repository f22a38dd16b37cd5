import { hash } from 'node:crypto';
import type { PaymentOffer, PaymentView } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import { holdOf } from './holds.ts';
import { findIntent, type Intent, insertIntent, intentsOfOrder, keyOf, notePayUrl, underwayOf } from './intents.ts';
import type { Bills, LockStores, OrderRef, PaymentProvider, Store } from './ports.ts';
import type { Settle } from './settle.ts';

export interface PayDeps {
  readonly db: Db;
  readonly provider: PaymentProvider;
  readonly lockStores: LockStores;
  readonly bills: Bills;
  readonly settle: Settle;
  readonly now: Clock;
  readonly bounds: PayBounds;
}

export interface PayBounds {
  /** How long a guest may take on the provider's page, in milliseconds. */
  readonly intentMs: number;
  /** The first time that nobody has heard of it. */
  readonly askAfterMs: number;
  /** Of one order. */
  readonly intentsMax: number;
}

export interface Asked {
  /** The Idempotency-Key. */
  readonly key: string;
  readonly amount: number;
  readonly returnUrl: string;
}

const HASH_HEX_LENGTH = 32;

export const toView = (intent: Intent): PaymentView => {
  const { id, orderId, state, amount, currency, payUrl, taken, returned, madeAt, expiresAt } = intent;
  return {
    id,
    orderId,
    state,
    amount,
    currency,
    taken,
    returned,
    payUrl: state === 'open' ? payUrl : null,
    madeAt: madeAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
};

const noSuchPayment = (): Problem =>
  new Problem('not-found', { detail: 'There is no such order or payment, or this token is not its own.' });

/** What guests do: see what can be paid, begin to pay, give it up. */
export function createPay({ db, provider, lockStores, bills, settle, now, bounds }: PayDeps) {
  /** Two steps, so that nothing is locked while the provider is asked; whoever dies between them is taken up by the same key, or the job. */
  async function start(
    store: Store,
    order: OrderRef,
    { key, amount, returnUrl }: Asked,
  ): Promise<{ intent: Intent; isNew: boolean }> {
    const requestHash = hash('sha256', JSON.stringify([order.id, amount]), 'hex').slice(0, HASH_HEX_LENGTH);
    const { intent, isNew } = await db.transaction(async (tx) => {
      await lockStores(tx, [store.id]);
      const known = await findIntent(tx, store.id, key);
      if (known) {
        if (known.requestHash === requestHash) return { intent: known, isNew: false };
        throw new Problem('key-reused', { detail: 'This Idempotency-Key belongs to another payment.' });
      }
      const bill = await bills.of(tx, order);
      if (!bill) throw noSuchPayment();
      const nowMs = now();
      const [underway, payBy, before] = [
        await underwayOf(tx, store.id, bill.orderIds, new Date(nowMs)),
        await holdOf(tx, order),
        await intentsOfOrder(tx, order, bounds.intentsMax),
      ];
      if (before.length >= bounds.intentsMax) {
        throw new Problem('too-many-requests', {
          detail: 'It was tried too often; pay at the counter.',
          retryAfterS: 60,
        });
      }
      if (payBy && payBy.getTime() <= nowMs) {
        throw new Problem('stale', { detail: 'The time to pay is over; the order is being cancelled.' });
      }
      check(amount, bill.due, underway);
      const expiresMs = Math.min(nowMs + bounds.intentMs, payBy?.getTime() ?? Number.POSITIVE_INFINITY);
      await insertIntent(tx, provider.name, {
        storeId: store.id,
        id: key,
        orderId: order.id,
        entryId: newId(nowMs),
        amount,
        currency: store.currency,
        returnUrl,
        requestHash,
        madeAt: new Date(nowMs),
        expiresAt: new Date(expiresMs),
        nextAt: new Date(nowMs + bounds.askAfterMs),
      });
      return { intent: (await findIntent(tx, store.id, key))!, isNew: true };
    });
    return { intent: await toProvider(store, intent), isNew };
  }

  async function toProvider(store: Store, intent: Intent): Promise<Intent> {
    if (intent.state !== 'open' || intent.payUrl !== null) return intent;
    const { amount, currency, returnUrl, expiresAt } = intent;
    let payUrl: string;
    try {
      const name = store.name.ko;
      ({ payUrl } = await provider.create({ key: keyOf(intent), amount, currency, name, returnUrl, expiresAt }));
    } catch (error) {
      throw new Problem('unavailable', {
        detail: 'The payment provider cannot be reached just now. Nothing was charged.',
        retryAfterS: 5,
        cause: error,
      });
    }
    await notePayUrl(db, intent, payUrl);
    const known = (await findIntent(db, intent.storeId, intent.id))!;
    // Given up meanwhile, as one that the provider did not know: now it does.
    if (known.state !== 'open') await settle.end(known).catch(() => {});
    return known;
  }

  return {
    start,

    async offer(store: Store, order: OrderRef): Promise<PaymentOffer> {
      const bill = await bills.of(db, order);
      if (!bill) throw noSuchPayment();
      const [underway, payBy, intents] = await Promise.all([
        underwayOf(db, store.id, bill.orderIds, new Date(now())),
        holdOf(db, order),
        intentsOfOrder(db, order, bounds.intentsMax),
      ]);
      return {
        isOpen: true,
        currency: store.currency,
        due: bill.due,
        payable: Math.max(bill.due - underway.amount, 0),
        underway: underway.amount,
        payBy: payBy?.toISOString() ?? null,
        items: intents.map(toView),
      };
    },

    /** What became of it: the provider is asked, where that is not known for good. */
    async read(order: OrderRef, id: string): Promise<Intent> {
      const known = await findIntent(db, order.storeId, id);
      if (!known || known.orderId !== order.id) throw noSuchPayment();
      if (known.state !== 'open' || known.payUrl === null) return known;
      // A provider that is away is no reason to say nothing.
      return (await settle.ask(order.storeId, id).catch(() => known)) ?? known;
    },

    /** The guest wants to pay otherwise. @returns what it is now: it may have been paid before */
    async giveUp(order: OrderRef, id: string): Promise<Intent> {
      const known = await findIntent(db, order.storeId, id);
      if (!known || known.orderId !== order.id) throw noSuchPayment();
      if (known.state !== 'open') return known;
      try {
        return (await settle.end(known)) ?? known;
      } catch (error) {
        if (error instanceof Problem) throw error;
        throw new Problem('unavailable', {
          detail: 'The payment provider cannot be reached just now.',
          retryAfterS: 5,
          cause: error,
        });
      }
    },
  };
}

/** @throws Problem `more-than-due`, or `payment-underway` where others are paying what is left */
function check(
  amount: number,
  dueOfBill: number,
  underway: { readonly amount: number; readonly until: Date | null },
): void {
  const due = Math.max(dueOfBill, 0);
  if (amount > due) throw new Problem('more-than-due', { detail: `There is ${due} left to pay.`, extra: { due } });
  const payable = due - underway.amount;
  if (amount > payable) {
    const until = underway.until?.toISOString() ?? null;
    throw new Problem('payment-underway', {
      detail: `Somebody else is paying ${underway.amount} of it just now; ${Math.max(payable, 0)} is left.`,
      extra: { due, payable: Math.max(payable, 0), until },
    });
  }
}
