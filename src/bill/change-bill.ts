import { dueOf } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import { businessDay } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { type Bill, findBill, openCounterBill, writeSums } from './bills.ts';
import { type Entry, entriesOf, findEntry, insertEntry, type NewEntry } from './entries.ts';
import { closeMerged, reopenVisit } from './move/merged-tables.ts';
import type { Actor, Announcer, LockStores, OrderRef, Store } from './ports.ts';
import { apply } from './rules.ts';
import { billMessages } from './table-bills.ts';

/** An order at the counter, which is its own bill. */
export interface CounterOrder {
  readonly placedAt: Date;
  readonly isCancelled: boolean;
  readonly portions: number;
  readonly total: number;
}

/** What is told of an entry, in its transaction. */
export interface Entered {
  readonly storeId: string;
  readonly billId: string;
  readonly entryId: string;
  /** Of a refund of a payment by phone: that payment's entry. */
  readonly paidBack: { readonly entryId: string; readonly amount: number } | undefined;
  /** Nothing is left to pay of an order at the counter. */
  readonly isSettled: boolean;
  readonly entry: Pick<NewEntry, 'kind' | 'amount' | 'reason'>;
  readonly by: string;
  readonly table: string | null;
}

export interface EnterDeps {
  readonly announcer: Announcer;
  /** @returns undefined when there is no such order, or it is a table's */
  readonly counterOrder: (db: Queryable, order: OrderRef) => Promise<CounterOrder | undefined>;
  readonly entered?: (tx: Queryable, entered: Entered) => Promise<void>;
  readonly now: Clock;
}

export interface ChangeBillDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly enter: Enter;
}

/** What is asked: the key makes it one change, however often it is sent. */
export interface Asked {
  readonly billId: string;
  /** The Idempotency-Key, which becomes the entry's id. */
  readonly key: string;
  /** Hex; the same key with another request is refused by it. */
  readonly requestHash: string;
  readonly by: Actor;
}

/** A bill that nobody else changes until the transaction ends. */
export interface LockedBill {
  readonly bill: Bill;
  readonly entries: readonly Entry[];
}

/** @returns the entry to be made @throws Problem why not */
export type DecideEntry = (tx: Queryable, locked: LockedBill) => NewEntry | Promise<NewEntry>;

export const noSuchBill = (): Problem => new Problem('not-found', { detail: 'There is no such bill.' });

/** Changes a bill by one entry in a transaction that holds its store's lock. */
export type Enter = (
  tx: Queryable,
  store: Store,
  asked: Asked,
  decide: DecideEntry,
) => Promise<{ readonly isNew: boolean }>;

/**
 * Changes a bill by one entry: the store's lock comes first, as for every writer of a store, so that two tablets that take the same rest
 * come one after the other, and an order is either on the bill before or begins the next one.
 * @returns whether it was made now; false: the same was asked before
 * @throws Problem `not-found`, `key-reused`, or what `decide` throws; then nothing is changed
 */
export function createChangeBill({ db, lockStores, enter }: ChangeBillDeps) {
  return (store: Store, asked: Asked, decide: DecideEntry): Promise<{ isNew: boolean }> =>
    db.transaction(async (tx) => {
      await lockStores(tx, [store.id]);
      return enter(tx, store, asked, decide);
    });
}

/** @returns whether the entry was made now; it throws as {@link createChangeBill} does */
export function createEnter({ announcer, counterOrder, entered, now }: EnterDeps): Enter {
  return async (tx, store, { billId, key, requestHash, by }, decide) => {
    const known = await findEntry(tx, store.id, key);
    if (known) {
      if (known.billId === billId && known.requestHash === requestHash) return { isNew: false };
      throw new Problem('key-reused', { detail: 'This Idempotency-Key belongs to another change of a bill.' });
    }
    const bill = (await findBill(tx, store.id, billId)) ?? (await openAtCounter(tx, { storeId: store.id, id: billId }));
    const entries = await entriesOf(tx, store.id, billId);
    const entry = await decide(tx, { bill, entries });
    const nowMs = now();
    const sums = apply(bill, entry);
    const at = new Date(nowMs);
    await insertEntry(tx, { storeId: store.id, billId, id: key }, entry, {
      by: by.name,
      at,
      day: businessDay(nowMs, store.timeZone, store.dayStartsHour),
      requestHash,
    });
    const isOver = isSettled(sums, entry);
    await writeSums(tx, bill, sums, isOver ? at : null);
    if (entry.reopens && bill.closedAt && !isOver) await reopenVisit(tx, { ...bill, closedAt: bill.closedAt });
    if (isOver && bill.merged.length > 0) await closeMerged(tx, [{ storeId: store.id, billId }], at);
    await announcer.announce(tx, billMessages([{ storeId: store.id, billId }]));
    const isPaidBack = entry.kind === 'refund' && entry.method === 'online' && entry.paymentId;
    await entered?.(tx, {
      storeId: store.id,
      billId,
      entryId: key,
      paidBack: isPaidBack ? { entryId: isPaidBack, amount: entry.amount } : undefined,
      isSettled: bill.table === null && dueOf(sums) <= 0,
      entry,
      by: by.name,
      table: bill.table,
    });
    return { isNew: true };
  };

  async function openAtCounter(tx: Queryable, order: OrderRef): Promise<Bill> {
    const found = await counterOrder(tx, order);
    if (!found) throw noSuchBill();
    const counts = found.isCancelled ? { orders: 0, portions: 0, total: 0 } : { ...found, orders: 1 };
    await openCounterBill(tx, { ...order, openedAt: found.placedAt, ...counts });
    return (await findBill(tx, order.storeId, order.id))!;
  }
}

/** A visit is over when nothing is left of it; a refund ends none. */
function isSettled(sums: Parameters<typeof apply>[0], { kind }: NewEntry): boolean {
  if (kind === 'void') return true;
  const charged = Math.max(sums.total - sums.discounted - sums.waived, 0);
  return kind !== 'refund' && sums.total > 0 && charged === sums.paid - sums.refunded;
}
