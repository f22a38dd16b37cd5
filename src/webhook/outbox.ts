import type { WebhookDelivery } from '../contract/index.ts';
import { lockableTogether } from '../platform/db/citus/lockable-together.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { newId } from '../platform/id.ts';
import { addJobs } from '../platform/jobs/jobs.ts';
import type { OutgoingEvent } from './queries.ts';

/** Looks after what a webhook is still to be told. */
export const DUE_KIND = 'webhook-due';
/** One delivery by itself: the last try, whose failure is a dead letter like any other. */
export const LAST_TRY_KIND = 'webhook-deliver';

/** More tries than other work gets: somebody else's server may be down for an hour. The last is a job of its own. */
const TRIES_MAX = 20;

/**
 * A webhook is paused when nothing arrived for this long and this many failed: a restart of the receiver passes, and one
 * that is gone for good does not gather a day's deliveries.
 */
const FAILING_MINUTES_MAX = 10;
const FAILURES_MAX = 10;

/**
 * A moment that was written down to be waited for. One that lies further ahead than any turn or pause was written by a clock that
 * has been set back since: it has come.
 */
const awaited = (column: string): string =>
  `CASE WHEN ${column} > now() + ${TURN_MAX} THEN '-infinity' ELSE ${column} END`;
const TURN_MAX = `interval '6 minutes'`;

/** Names one webhook. */
export interface WebhookRef {
  readonly storeId: string;
  readonly webhookId: string;
}

/**
 * Puts deliveries into the outbox, and a job into the job queue for each webhook that nobody looks after just now. Those of a
 * removed one are left out.
 */
export async function enqueue(tx: Queryable, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ webhookId, delivery }) => ({
    store_id: delivery.storeId,
    webhook_id: webhookId,
    id: newId(),
    body: delivery,
  }));
  const targets = await holdWebhooks(tx, events);
  const held = new Set(targets.map(({ storeId, webhookId }) => `${storeId} ${webhookId}`));
  await tx.query(
    `INSERT INTO webhook_delivery (store_id, webhook_id, id, body)
     SELECT store_id, webhook_id, id, body
     FROM json_to_recordset($1::json) AS e (store_id uuid, webhook_id uuid, id uuid, body json)`,
    [JSON.stringify(rows.filter(({ store_id, webhook_id }) => held.has(`${store_id} ${webhook_id}`)))],
    'enqueue-deliveries',
  );
  await lookAfter(
    tx,
    targets.filter(({ isFree }) => isFree),
  );
}

/**
 * Locks the webhooks of these events that are still there. FOR SHARE: whoever gives the turn back waits for this to be committed, and so
 * finds what was put when it looks what is left.
 */
async function holdWebhooks(
  tx: Queryable,
  events: readonly OutgoingEvent[],
): Promise<(WebhookRef & { readonly isFree: boolean })[]> {
  const stores = Map.groupBy(events, ({ delivery }) => delivery.storeId);
  const held = await Promise.all(
    lockableTogether(tx, stores.keys()).map((storeIds) =>
      tx.query<WebhookRef & { readonly isFree: boolean }>(
        `SELECT store_id AS "storeId", id AS "webhookId", ${awaited('next_at')} <= clock_timestamp() AS "isFree" FROM webhook
         WHERE store_id = ANY($1::uuid[]) AND id = ANY($2::uuid[]) ORDER BY store_id, id FOR SHARE`,
        [storeIds, [...new Set(storeIds.flatMap((id) => stores.get(id)!.map(({ webhookId }) => webhookId)))]],
        'hold-webhooks',
      ),
    ),
  );
  return held.flatMap(({ rows }) => rows);
}

/** Puts a job into the job queue that looks after a webhook's deliveries, now. */
export const lookAfter = (tx: Queryable, webhooks: readonly WebhookRef[]): Promise<void> =>
  addJobs(
    tx,
    webhooks.map((payload) => ({ kind: DUE_KIND, payload })),
  );

/**
 * The same at another time; there is one such job for each webhook and reason, and the last who asks sets its time. Two
 * reasons, because a look for when a turn lapses must not put off the one for when a delivery is due.
 */
export const lookAfterLater = (tx: Queryable, webhook: WebhookRef, runAt: Date, why: 'due' | 'held'): Promise<void> =>
  addJobs(tx, [
    { kind: DUE_KIND, payload: webhook, runAt, key: `webhook ${why} ${webhook.storeId} ${webhook.webhookId}` },
  ]);

export type Turn =
  | { readonly kind: 'ours'; readonly url: string; readonly secret: string }
  /** Somebody else is at it, or it rests. */
  | { readonly kind: 'not before'; readonly at: Date }
  /** It is removed or paused. */
  | { readonly kind: 'never' };

/** Takes the right to deliver to a webhook for `holdMs`, if nobody has it. A process that dies loses it by the time. */
export async function takeTurn(db: Queryable, { storeId, webhookId }: WebhookRef, holdMs: number): Promise<Turn> {
  const { rows: taken } = await db.query<{ url: string; secret: string }>(
    `UPDATE webhook SET next_at = now() + $3 * interval '1 millisecond'
     WHERE store_id = $1 AND id = $2 AND paused_at IS NULL AND (next_at <= now() OR next_at > now() + ${TURN_MAX}) RETURNING url, secret`,
    [storeId, webhookId, holdMs],
    'take-webhook-turn',
  );
  if (taken[0]) return { kind: 'ours', ...taken[0] };
  const { rows: found } = await db.query<{ at: Date }>(
    `SELECT greatest(${awaited('next_at')}, now()) AS at FROM webhook WHERE store_id = $1 AND id = $2 AND paused_at IS NULL`,
    [storeId, webhookId],
    'webhook-not-before',
  );
  return found[0] ? { kind: 'not before', at: found[0].at } : { kind: 'never' };
}

export interface DueDelivery {
  readonly id: string;
  readonly delivery: WebhookDelivery;
  readonly tries: number;
}

/** The deliveries whose time has come, the longest due first. */
export async function findDue(
  db: Queryable,
  { storeId, webhookId }: WebhookRef,
  limit: number,
): Promise<DueDelivery[]> {
  const { rows } = await db.query<DueDelivery>(
    `SELECT id, body AS delivery, tries FROM webhook_delivery
     WHERE store_id = $1 AND webhook_id = $2 AND ${awaited('due_at')} <= now() ORDER BY due_at, id LIMIT $3`,
    [storeId, webhookId, limit],
    'due-deliveries',
  );
  return rows;
}

/** When the next delivery is due; undefined when there is none. */
export async function nextDue(
  db: Queryable,
  { storeId, webhookId }: WebhookRef,
): Promise<{ at: Date; now: boolean } | undefined> {
  const { rows } = await db.query<{ at: Date; now: boolean }>(
    `SELECT greatest(${awaited('d.due_at')}, ${awaited('w.next_at')}, now()) AS at,
       greatest(${awaited('d.due_at')}, ${awaited('w.next_at')}) <= now() AS now FROM webhook w
     JOIN webhook_delivery d ON d.store_id = w.store_id AND d.webhook_id = w.id
     WHERE w.store_id = $1 AND w.id = $2 AND w.paused_at IS NULL ORDER BY d.due_at LIMIT 1`,
    [storeId, webhookId],
    'next-delivery',
  );
  return rows[0];
}

/**
 * Writes down what came of some deliveries, and gives the turn back: at once, or after a pause that doubles when all
 * of them failed.
 */
export async function settle(
  db: Db,
  webhook: WebhookRef,
  arrived: readonly DueDelivery[],
  failed: readonly DueDelivery[],
): Promise<void> {
  const { storeId, webhookId } = webhook;
  const spent = failed.filter(({ tries }) => tries + 1 >= TRIES_MAX - 1);
  const gone = [...arrived, ...spent].map(({ id }) => id);
  await db.transaction(async (tx) => {
    await Promise.all([
      // First, as its removal does: the webhook, then its deliveries.
      arrived.length > 0
        ? noteArrived(tx, webhook)
        : failed.length > 0
          ? noteFailed(tx, webhook, failed.length)
          : giveBack(tx, webhook),
      gone.length > 0 &&
        tx.query(
          'DELETE FROM webhook_delivery WHERE store_id = $1 AND webhook_id = $2 AND id = ANY ($3::uuid[])',
          [storeId, webhookId, gone],
          'delivery-gone',
        ),
      failed.length > 0 && putOff(tx, webhook, failed),
      addJobs(
        tx,
        spent.map(({ delivery }) => ({
          kind: LAST_TRY_KIND,
          payload: { webhookId, delivery } satisfies OutgoingEvent,
          attemptsMax: 1,
        })),
      ),
    ]);
  });
}

const noteArrived = (tx: Queryable, { storeId, webhookId }: WebhookRef) =>
  tx.query(
    `UPDATE webhook SET failures = 0, failing_since = NULL, next_at = '-infinity' WHERE store_id = $1 AND id = $2`,
    [storeId, webhookId],
    'webhook-arrived',
  );

const giveBack = (tx: Queryable, { storeId, webhookId }: WebhookRef) =>
  tx.query(
    `UPDATE webhook SET next_at = '-infinity' WHERE store_id = $1 AND id = $2`,
    [storeId, webhookId],
    'give-webhook-back',
  );

/** A pause is drawn in a statement that only reads: Citus takes no such function in one that writes. */
async function putOff(
  tx: Queryable,
  { storeId, webhookId }: WebhookRef,
  failed: readonly DueDelivery[],
): Promise<void> {
  const { rows } = await tx.query<{ id: string; dueAt: Date }>(
    `SELECT id, now() + retry_pause(tries + 1) AS "dueAt" FROM webhook_delivery
     WHERE store_id = $1 AND webhook_id = $2 AND id = ANY ($3::uuid[])`,
    [storeId, webhookId, failed.map(({ id }) => id)],
    'delivery-pauses',
  );
  await tx.query(
    `UPDATE webhook_delivery d SET tries = tries + 1, due_at = p.due_at FROM unnest($3::uuid[], $4::timestamptz[]) AS p (id, due_at)
     WHERE d.store_id = $1 AND d.webhook_id = $2 AND d.id = p.id`,
    [storeId, webhookId, rows.map(({ id }) => id), rows.map(({ dueAt }) => dueAt)],
    'delivery-failed',
  );
}

async function noteFailed(tx: Queryable, { storeId, webhookId }: WebhookRef, count: number): Promise<void> {
  const { rows } = await tx.query<{ at: Date; nextAt: Date; longAgo: Date }>(
    `SELECT now() AS at, now() + retry_pause(failures + $3) AS "nextAt", now() - interval '${FAILING_MINUTES_MAX} minutes' AS "longAgo"
     FROM webhook WHERE store_id = $1 AND id = $2 FOR UPDATE`,
    [storeId, webhookId, count],
    'webhook-pause',
  );
  const pause = rows[0];
  if (!pause) return;
  await tx.query(
    `UPDATE webhook SET failures = failures + $3, failing_since = coalesce(failing_since, $4), next_at = $5,
       paused_at = CASE WHEN failures + $3 >= ${FAILURES_MAX}
         AND failing_since < $6
         THEN coalesce(paused_at, $4) ELSE paused_at END
     WHERE store_id = $1 AND id = $2`,
    [storeId, webhookId, count, pause.at, pause.nextAt, pause.longAgo],
    'webhook-failed',
  );
}

/** Whoever comes back after a week asks for what happened rather than hearing each event of the week. */
const LEFT_DAYS = 7;
/** Of one statement, some milliseconds. */
const LEFT_AT_ONCE = 5_000;

/**
 * Throws away what paused webhooks were not told for a week. In batches by the key, rather than by partitions: what arrives is taken
 * out one by one as it is, so there is nothing here but what somebody's broken receiver left.
 * @returns how many deliveries
 */
export async function dropLeftDeliveries(db: Db): Promise<number> {
  const { rows } = await db.query<WebhookRef>(
    `SELECT store_id AS "storeId", id AS "webhookId" FROM webhook WHERE paused_at < now() - interval '${LEFT_DAYS} days' ORDER BY 1, 2`,
  );
  let dropped = 0;
  for (const { storeId, webhookId } of rows) {
    for (;;) {
      const { rowCount } = await db.query(
        `DELETE FROM webhook_delivery WHERE store_id = $1 AND webhook_id = $2 AND id IN (
           SELECT id FROM webhook_delivery
           WHERE store_id = $1 AND webhook_id = $2 AND id < uuid_v7_floor(now() - interval '${LEFT_DAYS} days')
           ORDER BY id LIMIT ${LEFT_AT_ONCE})`,
        [storeId, webhookId],
        'drop-left-deliveries',
      );
      dropped += rowCount;
      if (rowCount < LEFT_AT_ONCE) break;
    }
  }
  return dropped;
}
