import { request } from 'undici';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/pool.ts';
import { findPayment, type SandboxKeys } from './book.ts';
import { SIGNATURE_HEADER, sign } from './signature.ts';

/** A shop that does not answer is told again after so long, and given up after so many times. */
const AGAIN_MS = 60_000;
const TRIES_MAX = 10;
const AT_ONCE = 50;
const TIMEOUT_MS = 5_000;

/**
 * Tells shops what became of their payments: each notification until it is taken with a 2xx, so perhaps twice. What is due is in the
 * rows, so whoever is killed leaves it to the next.
 * @returns how many were taken
 */
export function createSendNotices(db: Db, keys: () => Promise<SandboxKeys>, now: Clock) {
  return async (): Promise<number> => {
    const nowMs = now();
    const { rows } = await db.query<{ id: string; payment: string; state: string }>(
      `WITH due AS (SELECT id FROM sandbox_notice WHERE send_at <= $1 ORDER BY send_at, id LIMIT ${AT_ONCE})
       UPDATE sandbox_notice n SET send_at = $2, tries = tries + 1 FROM due WHERE n.id = due.id AND n.send_at <= $1
       RETURNING n.id, n.payment, n.state`,
      [new Date(nowMs), new Date(nowMs + AGAIN_MS)],
    );
    let taken = 0;
    for (const { id, payment: key, state } of rows.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const payment = await findPayment(db, 'key', key, new Date(nowMs));
      if (!payment) continue;
      const { amount, currency, notifyUrl } = payment;
      const body = Buffer.from(JSON.stringify({ id, payment: key, state, amount, currency }));
      const isTaken = await post(notifyUrl, body, sign((await keys()).signingSecret, Math.floor(now() / 1_000), body));
      if (isTaken) taken += 1;
      await db.query(`DELETE FROM sandbox_notice WHERE id = $1 AND ($2 OR tries >= ${TRIES_MAX})`, [id, isTaken]);
    }
    return taken;
  };
}

async function post(url: string, body: Buffer, signature: string): Promise<boolean> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body.dump();
    return answer.statusCode >= 200 && answer.statusCode < 300;
  } catch {
    return false;
  }
}
