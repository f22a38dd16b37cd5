import type { OrderEvent, OrderView } from '../contract/index.ts';
import { createBatcher } from '../platform/concurrency/batcher.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';
import { type EventsAsked, readOrderEvents, readOrders } from './read-orders.ts';

/** Where a guest's question "how far is it?" is answered. */
export interface SnapshotCache {
  /** @returns undefined when there is no such order */
  read(ref: OrderRef): Promise<OrderView | undefined>;
  /** An order went to another status; called after the commit. */
  moved(storeId: string, event: OrderEvent): Promise<void>;
  /** Orders got another table or have fewer dishes; called after the commit. */
  rewritten(storeId: string, orderIds: readonly string[]): Promise<void>;
}

/** Questions of one statement. More would keep the first waiting for the last. */
const READ_AT_ONCE = 200;
/** Of the second for which an answer is useful this is left for reading; whoever would wait longer asks again later. */
const READ_WITHIN_MS = 600;
/**
 * Planning is three quarters of what such a question costs, however many ask. So the next gathers for four times as long as one took, and
 * for so long at most: nobody notices, and a crowd asks a fraction of the questions.
 */
const REST_MAX_MS = 20;
const REST_TIMES = 4;
/** As many as the intake lets wait. */
const WAITING_MAX = 4_000;

/** How those who ask at the same time share a question. */
export const SHARED_READ = {
  sizeMax: READ_AT_ONCE,
  waitingMax: WAITING_MAX,
  waitMaxMs: READ_WITHIN_MS,
  restMaxMs: REST_MAX_MS,
  restTimes: REST_TIMES,
};

/**
 * After this an order is read from Postgres again: what a process that was killed right after its commit did not write to Redis is wrong for
 * at most this long, and so is a dish's old name. Longer saves little: at one question in five seconds this already keeps five of six away.
 */
export const TRUSTED_S = 30;

/** Reads orders from Postgres; those who ask at the same time share the question. */
export const createSharedRead = (db: Queryable): SnapshotCache['read'] =>
  createBatcher<OrderRef, OrderView | undefined>(
    async (refs) => (await readOrders(db, refs)).map((value) => ({ status: 'fulfilled', value })),
    SHARED_READ,
  );

/**
 * Reads the events of orders. All open pages ask for theirs after a gap; those who ask at the same time share the question, so
 * that ten thousand pages keep one connection busy and no order waits behind them. Each page asks one at a time: their
 * number is the bound.
 */
export const createSharedEvents = (db: Queryable): ((asked: EventsAsked) => Promise<OrderEvent[]>) =>
  createBatcher<EventsAsked, OrderEvent[]>(
    async (asked) => (await readOrderEvents(db, asked)).map((value) => ({ status: 'fulfilled', value })),
    { sizeMax: READ_AT_ONCE, waitingMax: Number.POSITIVE_INFINITY },
  );

/** Without Redis and without a cache: each question is read. */
export const createUncachedSnapshots = (db: Queryable): SnapshotCache => ({
  read: createSharedRead(db),
  moved: async () => {},
  rewritten: async () => {},
});

/** The order and the number of the event that it is at least as new as. */
export async function readSnapshot(
  readEvents: ReturnType<typeof createSharedEvents>,
  read: SnapshotCache['read'],
  ref: OrderRef,
): Promise<{ readonly seq: number; readonly order: OrderView } | undefined> {
  // First the number: an order that moves in between is then written as older than it is, and is overwritten.
  const events = await readEvents({ ref, afterSeq: 0 });
  const order = await read(ref);
  return order && { seq: events.at(-1)?.seq ?? 0, order };
}
