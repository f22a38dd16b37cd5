import { isContended } from '../platform/db/away.ts';
import type { Db } from '../platform/db/pool.ts';
import type { JobHandler } from '../platform/jobs/jobs.ts';
import type { Deliver } from './deliver.ts';
import {
  DUE_KIND,
  type DueDelivery,
  findDue,
  LAST_TRY_KIND,
  lookAfter,
  lookAfterLater,
  nextDue,
  settle,
  takeTurn,
  type WebhookRef,
} from './outbox.ts';
import { findTarget, type OutgoingEvent } from './queries.ts';

export interface DeliveryBounds {
  /** Deliveries of one webhook at once. */
  readonly perWebhookMax: number;
  /** Deliveries between two notes of what came of them; a process that dies sends so many again. */
  readonly batchMax: number;
  readonly timeoutMs: number;
}

/**
 * Whoever puts deliveries shares the webhook's row, and a crowd of them may keep it longer than a connection waits for a lock. What came of
 * deliveries that is not noted is sent again, a turn later; each try waits for half a second of a turn that has a minute.
 */
const SETTLE_TRIES = 10;

/**
 * The handlers of deliveries, for a worker pool of their own: other people's servers may hang. A webhook is looked after by one of
 * them at a time, a batch and then the other webhooks that wait; one that fails rests for a pause that doubles, and keeps
 * nobody busy meanwhile. One that was removed takes its deliveries with it, and one that is paused keeps them.
 */
export function deliveryHandlers(db: Db, deliver: Deliver, bounds: DeliveryBounds): Record<string, JobHandler> {
  /** Every delivery of a batch may take its whole time. */
  const holdMs = (Math.ceil(bounds.batchMax / bounds.perWebhookMax) + 1) * bounds.timeoutMs;

  /** Delivers some at once, and begins no other after one that failed. */
  async function deliverAll(target: { url: string; secret: string }, due: readonly DueDelivery[]) {
    const arrived: DueDelivery[] = [];
    const failed: DueDelivery[] = [];
    const queue = [...due];
    const work = async () => {
      for (let next = queue.shift(); next && failed.length === 0; next = queue.shift()) {
        const each = next;
        await deliver(target, each.delivery).then(
          () => arrived.push(each),
          () => failed.push(each),
        );
      }
    };
    await Promise.all(Array.from({ length: bounds.perWebhookMax }, work));
    return { arrived, failed };
  }

  async function deliverDue(webhook: WebhookRef): Promise<void> {
    const turn = await takeTurn(db, webhook, holdMs);
    if (turn.kind === 'never') return;
    if (turn.kind === 'not before') return lookAfterLater(db, webhook, turn.at, 'held');
    const due = await findDue(db, webhook, bounds.batchMax);
    const { arrived, failed } = await deliverAll(turn, due);
    await noteAtLast(() => settle(db, webhook, arrived, failed));
    // Asked after the turn was given back: whoever came meanwhile and found it taken relies on this look.
    const next = await nextDue(db, webhook);
    if (!next) return;
    // Behind the others that wait: one that answers slowly keeps no worker for itself, and a stop waits for one batch.
    return next.now ? lookAfter(db, [webhook]) : lookAfterLater(db, webhook, next.at, 'due');
  }

  async function deliverOne({ webhookId, delivery }: OutgoingEvent): Promise<void> {
    const target = await findTarget(db, delivery.storeId, webhookId);
    if (!target) return;
    if (target.paused) throw new Error('The webhook is paused after failing for too long.');
    await deliver(target, delivery);
  }

  return {
    [DUE_KIND]: (payload) => deliverDue(payload as WebhookRef),
    [LAST_TRY_KIND]: (payload) => deliverOne(payload as OutgoingEvent),
  };
}

async function noteAtLast(note: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await note();
    } catch (error) {
      if (tries === SETTLE_TRIES || !isContended(error)) throw error;
    }
  }
}
