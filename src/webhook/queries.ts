import type { OrderRef, WebhookDelivery, WebhookEventName, WebhookView } from '../contract/index.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';

/** A delivery and where it goes. */
export interface OutgoingEvent {
  readonly webhookId: string;
  readonly delivery: WebhookDelivery;
}

/** One event of one order of one store. Orders' ids are made by clients, so a receiver of two stores may meet one twice. */
export const deliveryId = (storeId: string, orderId: string, event: number | string): string =>
  `${storeId}:${orderId}:${event}`;

/** More than these per store are a mistake; each costs a delivery for each order. */
export const WEBHOOKS_PER_STORE_MAX = 5;

interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly events: WebhookEventName[];
  readonly failures: number;
  readonly paused_at: Date | null;
}

const toView = (row: WebhookRow): WebhookView => ({
  id: row.id,
  url: row.url,
  events: row.events,
  failures: row.failures,
  pausedAt: row.paused_at?.toISOString() ?? null,
});

export async function listWebhooks(db: Queryable, storeId: string): Promise<WebhookView[]> {
  const { rows } = await db.query<WebhookRow>(
    'SELECT id, url, events, failures, paused_at FROM webhook WHERE store_id = $1 ORDER BY id',
    [storeId],
  );
  return rows.map(toView);
}

/** @returns undefined when the store has as many as it may */
export function insertWebhook(
  db: Db,
  storeId: string,
  webhook: { id: string; url: string; secret: string; events: readonly WebhookEventName[] },
): Promise<WebhookView | undefined> {
  return db.transaction(async (tx) => {
    // One at a time, and counted after the wait: those added together would not see each other.
    await tx.query('SELECT FROM store WHERE id = $1 FOR NO KEY UPDATE', [storeId]);
    const { rows } = await tx.query<WebhookRow>(
      `INSERT INTO webhook (store_id, id, url, secret, events)
       SELECT $1::uuid, $2, $3, $4, $5::text[]
       WHERE (SELECT count(*) FROM webhook WHERE store_id = $1::uuid) < ${WEBHOOKS_PER_STORE_MAX}
       RETURNING id, url, events, failures, paused_at`,
      [storeId, webhook.id, webhook.url, webhook.secret, webhook.events],
    );
    return rows[0] && toView(rows[0]);
  });
}

export async function deleteWebhook(db: Queryable, storeId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query('DELETE FROM webhook WHERE store_id = $1 AND id = $2', [storeId, id]);
  return rowCount === 1;
}

/** Takes a paused webhook up again, with what was still to be delivered. */
export async function resumeWebhook(db: Queryable, storeId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE webhook SET failures = 0, failing_since = NULL, paused_at = NULL, next_at = '-infinity'
     WHERE store_id = $1 AND id = $2`,
    [storeId, id],
  );
  return rowCount === 1;
}

export async function findTarget(
  db: Queryable,
  storeId: string,
  id: string,
): Promise<{ url: string; secret: string; paused: boolean } | undefined> {
  const { rows } = await db.query<{ url: string; secret: string; paused: boolean }>(
    'SELECT url, secret, paused_at IS NOT NULL AS paused FROM webhook WHERE store_id = $1 AND id = $2',
    [storeId, id],
    'webhook-target',
  );
  return rows[0];
}

/**
 * What is to be sent because these orders were placed: each order once, however often this is asked, and nothing for
 * stores without a webhook.
 */
export async function claimPlaced(tx: Queryable, orders: readonly OrderRef[]): Promise<OutgoingEvent[]> {
  const ids = orders.map((order) => order.id).sort();
  const { rows } = await tx.query<{
    webhook_id: string;
    store_id: string;
    id: string;
    number: number;
    placed_at: Date;
  }>(
    `WITH wanted AS (
       SELECT k.store_id, k.id, w.id AS webhook_id FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id)
       JOIN webhook w ON w.store_id = k.store_id AND w.paused_at IS NULL AND 'order.placed' = ANY (w.events)
     ), marked AS (
       INSERT INTO effect_done (store_id, order_id, kind)
       SELECT store_id, id, 'webhook ' || webhook_id FROM wanted ORDER BY store_id, id, webhook_id
       ON CONFLICT DO NOTHING RETURNING store_id, order_id, substr(kind, 9)::uuid AS webhook_id
     )
     SELECT m.webhook_id, m.store_id, o.id, o.number, o.placed_at
     FROM marked m JOIN orders o ON o.store_id = m.store_id AND o.id = m.order_id
     WHERE o.id BETWEEN $3::uuid AND $4::uuid`,
    [orders.map((order) => order.storeId), orders.map((order) => order.id), ids[0], ids.at(-1)],
    'claim-placed',
  );
  return rows.map((row) => ({
    webhookId: row.webhook_id,
    delivery: {
      id: deliveryId(row.store_id, row.id, 1),
      event: 'order.placed',
      storeId: row.store_id,
      orderId: row.id,
      number: row.number,
      seq: 1,
      status: 'placed',
      at: row.placed_at.toISOString(),
    },
  }));
}

/** The webhooks of a store that want to hear of this. */
export async function findWebhooksFor(tx: Queryable, storeId: string, event: WebhookEventName): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    'SELECT id FROM webhook WHERE store_id = $1 AND paused_at IS NULL AND $2 = ANY (events)',
    [storeId, event],
    'webhooks-for-event',
  );
  return rows.map((row) => row.id);
}
