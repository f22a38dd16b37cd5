import type { LiveMessage } from '../contract/index.ts';
import type { OrderRef } from '../order/index.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { addJob, type JobHandler } from '../platform/jobs/jobs.ts';
import type { Deliver } from './deliver.ts';
import { claimPlaced, findMoveWebhooks, findTarget, noteOutcome, type OutgoingEvent } from './queries.ts';

export const DELIVER_KIND = 'webhook-deliver';

/** More tries than other work gets: somebody else's server may be down for an hour. */
const DELIVERY_ATTEMPTS_MAX = 20;

/** Puts deliveries on the channel. Those of one webhook go one after another, so one that hangs holds up only itself. */
async function enqueue(tx: Queryable, events: readonly OutgoingEvent[]): Promise<void> {
  await Promise.all(
    events.map((event) =>
      addJob(tx, DELIVER_KIND, event, {
        queue: `webhook ${event.webhookId}`,
        attemptsMax: DELIVERY_ATTEMPTS_MAX,
      }),
    ),
  );
}

/** Tells a store's webhooks that orders were placed: later, by the channel. */
export const sendPlacedQueued = async (tx: Queryable, orders: readonly OrderRef[]): Promise<void> =>
  enqueue(tx, await claimPlaced(tx, orders));

/**
 * The textbook's way, for comparison: the guest waits while others are told. What did not arrive goes on the channel, so
 * that the order itself is not refused.
 */
export const createSendPlacedInline =
  (db: Queryable, deliver: Deliver) => async (tx: Queryable, orders: readonly OrderRef[]) => {
    const events = await claimPlaced(tx, orders);
    const outcomes = await Promise.allSettled(
      events.map(async (event) => {
        const target = await findTarget(db, event.delivery.storeId, event.webhookId);
        if (target && !target.paused) await deliver(target, event.delivery);
      }),
    );
    await enqueue(
      tx,
      events.filter((_, index) => outcomes[index]!.status === 'rejected'),
    );
  };

/** Tells a store's webhooks that orders went to another status, in the transaction that moves them. */
export async function sendMoved(tx: Queryable, messages: readonly LiveMessage[]): Promise<void> {
  for (const message of messages) {
    if (message.kind !== 'order') continue;
    const { storeId, number, event } = message;
    const webhooks = await findMoveWebhooks(tx, storeId);
    await enqueue(
      tx,
      webhooks.map((webhookId) => ({
        webhookId,
        delivery: {
          id: `${event.orderId}:${event.seq}`,
          event: 'order.moved',
          storeId,
          orderId: event.orderId,
          number,
          seq: event.seq,
          status: event.status,
          at: event.at,
        },
      })),
    );
  }
}

/** Makes one delivery. A webhook that was removed takes its deliveries with it; one that is paused keeps them. */
export function createDeliverJob(db: Db, deliver: Deliver): JobHandler {
  return async (payload) => {
    const { webhookId, delivery } = payload as OutgoingEvent;
    const target = await findTarget(db, delivery.storeId, webhookId);
    if (!target) return;
    if (target.paused) throw new Error('The webhook is paused after too many failures.');
    try {
      await deliver(target, delivery);
    } catch (error) {
      await noteOutcome(db, delivery.storeId, webhookId, false);
      throw error;
    }
    await noteOutcome(db, delivery.storeId, webhookId, true);
  };
}
