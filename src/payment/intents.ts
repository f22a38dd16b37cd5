import type { PaymentState } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { UUID_TEXT } from '../platform/id.ts';
import type { OrderRef } from './ports.ts';

export interface Intent {
  readonly storeId: string;
  readonly id: string;
  readonly orderId: string;
  readonly entryId: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: PaymentState;
  readonly returnUrl: string;
  readonly payUrl: string | null;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly got: number | null;
  readonly taken: number | null;
  /** What goes back, or went. */
  readonly returned: number;
  /** Hex. */
  readonly requestHash: string;
}

/** What the provider knows an intent by: ids are made by guests, so only the store makes them one of a kind. */
export const keyOf = ({ storeId, id }: Pick<Intent, 'storeId' | 'id'>): string => `${storeId}.${id}`;

const KEY = new RegExp(`^(${UUID_TEXT})\\.(${UUID_TEXT})$`);

/** @returns undefined for what no intent of ours was ever called */
export function refOf(key: string): { storeId: string; id: string } | undefined {
  const [, storeId, id] = KEY.exec(key) ?? [];
  return storeId && id ? { storeId, id } : undefined;
}

/** @param store whose intents they are, as the statement has it: said of each table, so that it is asked of that store's machine alone */
const columns = (
  store = '$1',
) => `i.store_id AS "storeId", i.id, i.order_id AS "orderId", i.entry_id AS "entryId", i.amount, i.currency, i.state,
  i.return_url AS "returnUrl", i.pay_url AS "payUrl", i.made_at AS "madeAt", i.expires_at AS "expiresAt", i.got, i.taken,
  (SELECT coalesce(sum(r.amount), 0)::bigint FROM payment_refund r WHERE r.store_id = ${store} AND r.intent_id = i.id
     AND r.state <> 'refused') AS returned, encode(i.request_hash, 'hex') AS "requestHash"`;

export async function findIntent(db: Queryable, storeId: string, id: string): Promise<Intent | undefined> {
  const { rows } = await db.query<Intent>(
    `SELECT ${columns()} FROM payment_intent i WHERE i.store_id = $1 AND i.id = $2`,
    [storeId, id],
    'find-intent',
  );
  return rows[0];
}

/** Of one order, the newest first. */
export async function intentsOfOrder(db: Queryable, { storeId, id }: OrderRef, limit: number): Promise<Intent[]> {
  const { rows } = await db.query<Intent>(
    `SELECT ${columns()} FROM payment_intent i WHERE i.store_id = $1 AND i.order_id = $2 ORDER BY i.made_at DESC, i.id DESC LIMIT $3`,
    [storeId, id, limit],
    'intents-of-order',
  );
  return rows;
}

/** What these orders' guests are paying at this moment, and until when the first of them may. */
export async function underwayOf(
  db: Queryable,
  storeId: string,
  orderIds: readonly string[],
  now: Date,
): Promise<{ readonly amount: number; readonly until: Date | null }> {
  const { rows } = await db.query<{ amount: number; until: Date | null }>(
    `SELECT coalesce(sum(amount), 0)::bigint AS amount, min(expires_at) AS until FROM payment_intent
     WHERE store_id = $1 AND order_id = ANY($2::uuid[]) AND state = 'open' AND expires_at > $3`,
    [storeId, orderIds, now],
    'intents-underway',
  );
  return rows[0]!;
}

/** Under the store's lock. */
export async function insertIntent(
  tx: Queryable,
  provider: string,
  intent: Omit<Intent, 'state' | 'payUrl' | 'got' | 'taken' | 'returned'> & { readonly nextAt: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO payment_intent (store_id, id, order_id, entry_id, provider, amount, currency, return_url, made_at, expires_at,
       next_at, request_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex'))`,
    [
      intent.storeId,
      intent.id,
      intent.orderId,
      intent.entryId,
      provider,
      intent.amount,
      intent.currency,
      intent.returnUrl,
      intent.madeAt,
      intent.expiresAt,
      intent.nextAt,
      intent.requestHash,
    ],
    'insert-intent',
  );
}

export async function notePayUrl(db: Queryable, { storeId, id }: Pick<Intent, 'storeId' | 'id'>, payUrl: string) {
  await db.query(
    `UPDATE payment_intent SET pay_url = $3 WHERE store_id = $1 AND id = $2`,
    [storeId, id, payUrl],
    'note-pay-url',
  );
}

/** Under the store's lock. */
export async function endIntent(
  tx: Queryable,
  { storeId, id }: Pick<Intent, 'storeId' | 'id'>,
  to: { readonly state: PaymentState; readonly got: number | null; readonly taken: number | null; readonly at: Date },
): Promise<void> {
  await tx.query(
    `UPDATE payment_intent SET state = $3, got = $4, taken = $5, decided_at = $6 WHERE store_id = $1 AND id = $2`,
    [storeId, id, to.state, to.got, to.taken, to.at],
    'end-intent',
  );
}

/** Takes open intents that are due to be asked about, and puts them off: whoever dies here has them asked again by another. */
export async function takeDueIntents(db: Queryable, now: Date, next: Date, limit: number): Promise<Intent[]> {
  const { rows } = await db.query<Intent>(
    `WITH due AS (
       SELECT store_id, id FROM payment_intent WHERE state = 'open' AND next_at <= $1 ORDER BY next_at LIMIT $3
     ), taken AS (
       UPDATE payment_intent p SET next_at = $2 FROM due WHERE p.store_id = due.store_id AND p.id = due.id
         AND p.state = 'open' AND p.next_at <= $1 RETURNING p.store_id, p.id
     )
     SELECT ${columns('i.store_id')} FROM payment_intent i JOIN taken t ON t.store_id = i.store_id AND t.id = i.id ORDER BY i.made_at`,
    [now, next, limit],
  );
  return rows;
}
