import type { LiveMessage } from '../contract/index.ts';
import type { OrderRef } from '../order/index.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { addJobs, type JobHandler, type JobLane, NotNow } from '../platform/jobs/jobs.ts';
import type { Deliver } from './deliver.ts';
import { createPlaces } from './places.ts';
import { claimPlaced, findMoveWebhooks, findTarget, noteOutcome, type OutgoingEvent } from './queries.ts';

const DELIVER_KIND = 'webhook-deliver';

/** More tries than other work gets: somebody else's server may be down for an hour. */
const DELIVERY_ATTEMPTS_MAX = 20;

/**
 * A receiver that answers has a place free well within this; one that hangs has not, and its delivery goes back for some
 * seconds. Longer would let it keep workers from the others.
 */
const PLACE_WITHIN_MS = 250;

/** By which a webhook's deliveries are held back while enough of them are under way. */
const flagOf = (webhookId: string): string => `webhook ${webhookId}`;

/** Puts deliveries on the channel. */
const enqueue = (tx: Queryable, events: readonly OutgoingEvent[]): Promise<void> =>
  addJobs(
    tx,
    events.map((event) => ({
      kind: DELIVER_KIND,
      payload: event,
      flags: [flagOf(event.webhookId)],
      attemptsMax: DELIVERY_ATTEMPTS_MAX,
    })),
  );

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

export interface DeliveryBounds {
  readonly concurrency: number;
  /** Deliveries of one webhook at once. */
  readonly perWebhookMax: number;
}

/**
 * The workers of deliveries, apart from all others. A webhook that hangs keeps `perWebhookMax` of them busy and no more;
 * one that was removed takes its deliveries with it, and one that is paused keeps them.
 */
export function createDeliveryLane(db: Db, deliver: Deliver, bounds: DeliveryBounds): JobLane {
  const places = createPlaces(bounds.perWebhookMax);
  const handle: JobHandler = async (payload) => {
    const { webhookId, delivery } = payload as OutgoingEvent;
    // Several workers that looked at the same moment may all have found this one.
    if (!(await places.take(webhookId, PLACE_WITHIN_MS))) {
      throw new NotNow('enough deliveries of this webhook are under way.');
    }
    try {
      const target = await findTarget(db, delivery.storeId, webhookId);
      if (!target) return;
      if (target.paused) throw new Error('The webhook is paused after failing for too long.');
      const outcome = await deliver(target, delivery).then(
        () => undefined,
        (error: Error) => error,
      );
      await noteOutcome(db, delivery.storeId, webhookId, !outcome);
      if (outcome) throw outcome;
    } finally {
      places.release(webhookId);
    }
  };
  return {
    handlers: { [DELIVER_KIND]: handle },
    concurrency: bounds.concurrency,
    forbiddenFlags: () => places.full().map(flagOf),
  };
}
