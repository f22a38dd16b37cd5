import type { LiveMessage } from './contract/index.ts';
import type { Effects, OrderRef } from './order/index.ts';
import type { Db, Queryable } from './platform/db/pool.ts';
import { isDatabaseAway } from './platform/http/to-problem.ts';
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

/**
 * The same effects as handlers of their jobs, each group in one transaction. A group that fails is worked through order
 * by order, so that one bad order keeps nobody else's from the kitchen, and only it is tried again.
 */
export function effectHandlers(db: Db, effects: readonly OrderEffect[]): Record<string, JobHandler> {
  const handlers: Record<string, JobHandler> = {};
  for (const effect of effects) {
    const handle = (orders: readonly OrderRef[]) => db.transaction((tx) => effect.handle(tx, orders));
    handlers[effect.kind] = async (payload) => {
      const orders = (payload as [string, string][]).map(([storeId, id]) => ({ storeId, id }));
      try {
        await handle(orders);
      } catch (error) {
        if (orders.length === 1 || isDatabaseAway(error)) throw error;
        const outcomes: PromiseSettledResult<void>[] = [];
        for (const order of orders) outcomes.push(...(await Promise.allSettled([handle([order])])));
        return outcomes;
      }
    };
  }
  return handlers;
}

/** What orders that got tickets are announced as: one message a store. */
export function ticketMessages(orders: readonly OrderRef[]): LiveMessage[] {
  const stores = Map.groupBy(orders, (order) => order.storeId);
  // A notification holds 7.9 kB, which is 190 ids; a message must fit into one.
  const ORDERS_MAX = 150;
  const messages: LiveMessage[] = [];
  for (const [storeId, refs] of stores) {
    for (let start = 0; start < refs.length; start += ORDERS_MAX) {
      messages.push({ kind: 'tickets', storeId, orderIds: refs.slice(start, start + ORDERS_MAX).map(({ id }) => id) });
    }
  }
  return messages;
}

/** What new slips are announced as: one message a store. */
export function slipMessages(places: readonly { storeId: string; station: string }[]): LiveMessage[] {
  const stores = Map.groupBy(places, (place) => place.storeId);
  return [...stores].map(([storeId, of]) => ({ kind: 'slips', storeId, stations: of.map(({ station }) => station) }));
}
