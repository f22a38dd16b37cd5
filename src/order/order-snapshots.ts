import type { OrderEvent, OrderView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';
import { readOrder, readOrderEvents } from './read-orders.ts';

/** Where a guest's question "how far is it?" is answered. */
export interface OrderSnapshots {
  /** @returns undefined when there is no such order */
  read(ref: OrderRef): Promise<OrderView | undefined>;
  /** An order went to another status; called after the commit. */
  moved(storeId: string, event: OrderEvent): Promise<void>;
}

/** Without Redis: always the truth. */
export const createOpenSnapshots = (db: Queryable): OrderSnapshots => ({
  read: (ref) => readOrder(db, ref),
  moved: async () => {},
});

/** The order and the number of the event that it is at least as new as. */
export async function readSnapshot(
  db: Queryable,
  ref: OrderRef,
): Promise<{ readonly seq: number; readonly order: OrderView } | undefined> {
  // First the number: an order that moves in between is then written as older than it is, and is overwritten.
  const events = await readOrderEvents(db, ref, 0);
  const order = await readOrder(db, ref);
  return order && { seq: events.at(-1)?.seq ?? 0, order };
}
