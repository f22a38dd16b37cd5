import type { OrderRef, PaymentState } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { Store } from '../store/index.ts';

export type { OrderRef } from '../contract/index.ts';
export type { Announcer } from '../platform/live/announcer.ts';
export type { LockStores, Store, StoreDirectory } from '../store/index.ts';

/** What is asked of a provider. */
export interface NewPayment {
  /** Names it for ever, at ours and at theirs: the same key again is the same payment. */
  readonly key: string;
  /** In the currency's minor unit. */
  readonly amount: number;
  readonly currency: string;
  /** What the guest reads on the provider's page. */
  readonly name: string;
  /** Where the guest comes back to, whatever came of it. */
  readonly returnUrl: string;
  /** From then on it must not be paid any more. */
  readonly expiresAt: Date;
}

/** A payment as the provider has it. */
export interface ProviderPayment {
  readonly key: string;
  readonly state: PaymentState;
  readonly amount: number;
  readonly currency: string;
  /** What went back of it. */
  readonly refunded: number;
  readonly payUrl: string;
}

/**
 * A company that takes money for the shop. Each method may be called again after any failure, also by another process, and comes to the
 * same end; each rejects when the provider cannot be reached or does not understand, and then nobody knows what happened.
 */
export interface PaymentProvider {
  readonly name: string;
  create(payment: NewPayment): Promise<ProviderPayment>;
  /** @returns undefined when it knows no such key */
  find(key: string): Promise<ProviderPayment | undefined>;
  /** Sees to it that nobody can pay it any more. @returns what it is now: `paid` when that was earlier; undefined: unknown */
  cancel(key: string): Promise<ProviderPayment | undefined>;
  /** @param id of the refund: the same again pays nothing back again. @returns `refused`: it will never be paid back */
  refund(refund: { readonly id: string; readonly key: string; readonly amount: number }): Promise<'done' | 'refused'>;
  /** What changed from `from` until before `to`, some at a time. */
  changed(
    from: Date,
    to: Date,
    cursor: string | null,
  ): Promise<{ readonly items: readonly ProviderPayment[]; readonly next: string | null }>;
  /**
   * Whose state a notification tells of. What else it says is not believed: the provider is asked.
   * @throws Problem `signature-refused` unless it was signed by the provider a short time ago
   */
  readNotification(headers: Readonly<Record<string, unknown>>, body: Buffer, nowMs: number): Promise<string>;
}

/** A bill as far as paying it goes. */
export interface PayableBill {
  readonly billId: string;
  /** Below zero: what is owed back. */
  readonly due: number;
  readonly orderIds: readonly string[];
}

/** What payments ask of bills. */
export interface Bills {
  /** The bill that an order is on now. @returns undefined when there is no such order */
  of(db: Queryable, order: OrderRef): Promise<PayableBill | undefined>;
  /** Puts money that a provider took on a bill. Under the store's lock; at most what is due. */
  pay(
    tx: Queryable,
    store: Store,
    billId: string,
    payment: { readonly entryId: string; readonly amount: number; readonly approval: string },
  ): Promise<void>;
  /** Pays back by the provider what the bill of an order owes its guests, as far as it was paid so. Under the store's lock. */
  payBack(tx: Queryable, order: OrderRef): Promise<void>;
}

/** What payments ask of orders. */
export interface Orders {
  /** Hands an order that waited for its money to the kitchen. In a transaction that holds its store's lock. */
  release(tx: Queryable, order: OrderRef): Promise<void>;
  /** Cancels an order that nobody paid in time, if `only` still says so under its store's lock; its portions return. */
  cancelUnpaid(store: Store, orderId: string, only: (tx: Queryable) => Promise<boolean>): Promise<void>;
}
