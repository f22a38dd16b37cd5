import type { LiveMessage, OrderRef, WebhookDelivery } from '../contract/index.ts';
import type { NotedChange } from '../order/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { Deliver } from './deliver.ts';
import { enqueue } from './outbox.ts';
import { claimPlaced, deliveryId, findTarget, findWebhooksFor } from './queries.ts';

/** Tells a store's webhooks that orders were placed: later, by the job queue. */
export const sendPlacedQueued = async (tx: Queryable, orders: readonly OrderRef[]): Promise<void> =>
  enqueue(tx, await claimPlaced(tx, orders));

/**
 * The textbook's way, for comparison: the guest waits while others are told. What did not arrive goes into the job queue, so
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
    const webhooks = await findWebhooksFor(tx, storeId, 'order.moved');
    await enqueue(
      tx,
      webhooks.map((webhookId) => ({
        webhookId,
        delivery: {
          id: deliveryId(storeId, event.orderId, event.seq),
          event: 'order.moved',
          storeId,
          orderId: event.orderId,
          number,
          seq: event.seq,
          status: event.status,
          at: event.at,
          ...(event.portionsReturned !== undefined && { portionsReturned: event.portionsReturned }),
        },
      })),
    );
  }
}

/** Tells a store's webhooks that staff changed a line of an order, in the transaction that changes it. */
export async function sendChanged(
  tx: Queryable,
  { storeId, id: orderId }: OrderRef,
  { id, number, seq, status, at }: NotedChange,
  line: NonNullable<WebhookDelivery['change']>,
): Promise<void> {
  const webhooks = await findWebhooksFor(tx, storeId, 'order.changed');
  const told = { ...{ storeId, orderId, number, seq, status }, at: at.toISOString(), change: line };
  await enqueue(
    tx,
    webhooks.map((webhookId) => ({
      webhookId,
      delivery: { id: deliveryId(storeId, orderId, id), event: 'order.changed', ...told },
    })),
  );
}
