import type { LiveMessage } from './contract/index.ts';
import type { Effects, OrderRef } from './order/index.ts';
import type { Db, Queryable } from './platform/db/pool.ts';
import { addJob, type JobHandler } from './platform/jobs/jobs.ts';

/** Something that happens because orders were placed. It may run twice, late and in any order. */
export interface OrderEffect {
  /** Names the kind of job. */
  readonly kind: string;
  handle(tx: Queryable, orders: readonly OrderRef[]): Promise<void>;
}

/** `EFFECTS=inline`: all of it inside the order's own transaction, while the guest waits. */
export function createInlineEffects(effects: readonly OrderEffect[], cancelled: Effects['orderCancelled']): Effects {
  return {
    async orderPlaced(tx, orders) {
      await Promise.all(effects.map((effect) => effect.handle(tx, orders)));
    },
    orderCancelled: cancelled,
  };
}

/** `EFFECTS=queued`: one job a group and kind, put on the channel by the order's transaction. */
export function createQueuedEffects(effects: readonly OrderEffect[], cancelled: Effects['orderCancelled']): Effects {
  return {
    async orderPlaced(tx, orders) {
      const payload = orders.map(({ storeId, id }) => [storeId, id]);
      await Promise.all(effects.map((effect) => addJob(tx, effect.kind, payload)));
    },
    orderCancelled: cancelled,
  };
}

/** The same effects as handlers of their jobs, each run in a transaction of its own. */
export function effectHandlers(db: Db, effects: readonly OrderEffect[]): Record<string, JobHandler> {
  const handlers: Record<string, JobHandler> = {};
  for (const effect of effects) {
    handlers[effect.kind] = async (payload) => {
      const orders = (payload as [string, string][]).map(([storeId, id]) => ({ storeId, id }));
      await db.transaction((tx) => effect.handle(tx, orders));
    };
  }
  return handlers;
}

/** What a page of orders that got tickets is announced as: one message a store. */
export function ticketMessages(orders: readonly OrderRef[]): LiveMessage[] {
  const stores = new Map<string, string[]>();
  for (const { storeId, id } of orders) stores.set(storeId, [...(stores.get(storeId) ?? []), id]);
  // A notification holds 7.9 kB, which is 190 ids; a message must fit into one.
  const ORDERS_MAX = 150;
  const messages: LiveMessage[] = [];
  for (const [storeId, ids] of stores) {
    for (let start = 0; start < ids.length; start += ORDERS_MAX) {
      messages.push({ kind: 'tickets', storeId, orderIds: ids.slice(start, start + ORDERS_MAX) });
    }
  }
  return messages;
}
