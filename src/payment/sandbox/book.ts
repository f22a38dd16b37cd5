import { randomBytes } from 'node:crypto';
import type { PaymentState } from '../../contract/index.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import { newId } from '../../platform/id.ts';

export interface SandboxPayment {
  readonly key: string;
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly name: string;
  readonly returnUrl: string;
  readonly notifyUrl: string;
  readonly state: PaymentState;
  readonly refunded: number;
  readonly expiresAt: Date;
  readonly changedAt: Date;
}

/** What the sandbox hands out to its one shop. */
export interface SandboxKeys {
  readonly apiKey: string;
  readonly signingSecret: string;
}

/** Made by whoever asks first. */
export async function readKeys(db: Queryable): Promise<SandboxKeys> {
  const key = () => randomBytes(24).toString('base64url');
  await db.query(
    `INSERT INTO sandbox_account (api_key, signing_secret) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM sandbox_account)
     ON CONFLICT DO NOTHING`,
    [key(), key()],
  );
  const { rows } = await db.query<SandboxKeys>(
    'SELECT api_key AS "apiKey", signing_secret AS "signingSecret" FROM sandbox_account',
  );
  return rows[0]!;
}

/** One whose time is over is cancelled, whether or not anybody has written that down. $2 is now. */
const COLUMNS = `key, id, amount, currency, name, return_url AS "returnUrl", notify_url AS "notifyUrl",
  CASE WHEN state = 'open' AND expires_at <= $2 THEN 'cancelled' ELSE state END AS state, refunded,
  expires_at AS "expiresAt", changed_at AS "changedAt"`;

export async function findPayment(
  db: Queryable,
  by: 'key' | 'id',
  value: string,
  now: Date,
): Promise<SandboxPayment | undefined> {
  const { rows } = await db.query<SandboxPayment>(`SELECT ${COLUMNS} FROM sandbox_payment WHERE ${by} = $1`, [
    value,
    now,
  ]);
  return rows[0];
}

/** The same key again is the payment that there is. */
export async function makePayment(
  db: Queryable,
  asked: Pick<SandboxPayment, 'key' | 'amount' | 'currency' | 'name' | 'returnUrl' | 'notifyUrl' | 'expiresAt'>,
  now: Date,
): Promise<SandboxPayment> {
  const { key, amount, currency, name, returnUrl, notifyUrl, expiresAt } = asked;
  await db.query(
    `INSERT INTO sandbox_payment (key, id, amount, currency, name, return_url, notify_url, made_at, expires_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8) ON CONFLICT (key) DO NOTHING`,
    [key, newId(now.getTime()), amount, currency, name, returnUrl, notifyUrl, now, expiresAt],
  );
  return (await findPayment(db, 'key', key, now))!;
}

/** A notification that is still to be sent. */
export interface Notice {
  readonly state: PaymentState;
  readonly sendAt: Date;
}

/** Decides an open payment, once, with the notifications that follow. @returns undefined: it is decided already, or too late */
export function decidePayment(
  db: Db,
  key: string,
  state: Exclude<PaymentState, 'open'>,
  notices: readonly Notice[],
  now: Date,
): Promise<SandboxPayment | undefined> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE sandbox_payment SET state = $2, changed_at = $3 WHERE key = $1 AND state = 'open' AND expires_at > $3`,
      [key, state, now],
    );
    if (rowCount === 0) return undefined;
    for (const notice of notices) {
      await tx.query('INSERT INTO sandbox_notice (id, payment, state, send_at) VALUES ($1, $2, $3, $4)', [
        newId(now.getTime()),
        key,
        notice.state,
        notice.sendAt,
      ]);
    }
    return findPayment(tx, 'key', key, now);
  });
}

/** @returns false: it is not paid, or so much is not left of it */
export function refundPayment(
  db: Db,
  { key, payment, amount }: { readonly key: string; readonly payment: string; readonly amount: number },
  now: Date,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query('SELECT FROM sandbox_payment WHERE key = $1 FOR UPDATE', [payment]);
    const known = await tx.query('SELECT FROM sandbox_refund WHERE key = $1', [key]);
    if (known.rowCount === 1) return true;
    const { rowCount } = await tx.query(
      `UPDATE sandbox_payment SET refunded = refunded + $2, changed_at = $3
       WHERE key = $1 AND state = 'paid' AND refunded + $2 <= amount`,
      [payment, amount, now],
    );
    if (rowCount === 0) return false;
    await tx.query('INSERT INTO sandbox_refund (key, payment, amount, at) VALUES ($1, $2, $3, $4)', [
      key,
      payment,
      amount,
      now,
    ]);
    return true;
  });
}

const PAGE = 100;

/** What was decided or paid back in a stretch of time, some at a time. */
export async function changedPayments(
  db: Queryable,
  { from, to, after }: { readonly from: Date; readonly to: Date; readonly after: string | null },
  now: Date,
): Promise<{ items: SandboxPayment[]; next: string | null }> {
  const { rows } = await db.query<SandboxPayment>(
    `SELECT ${COLUMNS} FROM sandbox_payment WHERE state <> 'open' AND changed_at >= $3 AND changed_at < $4 AND ($1::text IS NULL OR key > $1)
     ORDER BY key LIMIT ${PAGE}`,
    [after, now, from, to],
  );
  return { items: rows, next: rows.length === PAGE ? rows.at(-1)!.key : null };
}
