import type { Queryable } from '../platform/db/pool.ts';
import { newId } from '../platform/id.ts';
import { keyOf } from './intents.ts';
import type { PaymentProvider } from './ports.ts';

export interface DueRefund {
  readonly storeId: string;
  readonly id: string;
  readonly intentId: string;
  readonly amount: number;
  readonly tries: number;
}

/** Money that the bill did not owe, in the transaction that finds that out: once, because an intent is paid once. */
export async function refundRest(
  tx: Queryable,
  { storeId, id }: { readonly storeId: string; readonly id: string },
  { amount, reason }: { readonly amount: number; readonly reason: 'not-owed' | 'mismatch' },
  nowMs: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO payment_refund (store_id, id, intent_id, amount, reason, made_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
    [storeId, newId(nowMs), id, amount, reason, new Date(nowMs)],
    'refund-rest',
  );
}

/** What an entry of the bill pays back of a payment by phone, in the entry's transaction and under its id. */
export async function refundEntry(
  tx: Queryable,
  storeId: string,
  {
    entryId,
    paymentEntryId,
    amount,
  }: { readonly entryId: string; readonly paymentEntryId: string; readonly amount: number },
  at: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO payment_refund (store_id, id, intent_id, amount, reason, made_at, next_at)
     SELECT store_id, $2, id, $4, 'entry', $5, $5 FROM payment_intent WHERE store_id = $1 AND entry_id = $3`,
    [storeId, entryId, paymentEntryId, amount, at],
    'refund-entry',
  );
}

/** Takes refunds that are due, and puts them off: whoever dies here has them sent again by another, under the same id. */
export async function takeDueRefunds(db: Queryable, now: Date, next: Date, limit: number): Promise<DueRefund[]> {
  const { rows } = await db.query<DueRefund>(
    `WITH due AS (
       SELECT store_id, id FROM payment_refund WHERE state = 'due' AND next_at <= $1 ORDER BY next_at LIMIT $3
     )
     UPDATE payment_refund r SET next_at = $2, tries = tries + 1 FROM due
     WHERE r.store_id = due.store_id AND r.id = due.id AND r.state = 'due' AND r.next_at <= $1
     RETURNING r.store_id AS "storeId", r.id, r.intent_id AS "intentId", r.amount, r.tries`,
    [now, next, limit],
  );
  return rows;
}

/** Has the provider pay it back, and writes down what came of it. Told twice, it pays back once. @throws when it cannot be reached */
export async function sendRefund(db: Queryable, provider: PaymentProvider, refund: DueRefund, at: Date): Promise<void> {
  const { storeId, id, intentId, amount } = refund;
  const state = await provider.refund({ id, key: keyOf({ storeId, id: intentId }), amount });
  await db.query(
    `UPDATE payment_refund SET state = $3, done_at = $4 WHERE store_id = $1 AND id = $2 AND state = 'due'`,
    [storeId, id, state, at],
    'end-refund',
  );
}
