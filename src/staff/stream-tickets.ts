import { randomBytes } from 'node:crypto';
import { ROLES, type Role } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { createSigner, type Secret } from '../platform/secrets/signature.ts';

/** Who a ticket was made for: a session, by the hash of its token, or whoever has a key. */
export type TicketHolder = { readonly session: string } | { readonly role: Role };

/**
 * Tickets for streams of staff: EventSource can set no header, and a key in an address ends in logs and histories. A ticket opens one stream
 * of one store, once, within seconds. It is signed, so what was made up costs no look-up, and any process takes it.
 */
export interface StreamTickets {
  issue(storeId: string, holder: TicketHolder): { readonly ticket: string; readonly expiresMs: number };
  /** Whether it was made here for this store and is not over; it may have been used. */
  isSigned(ticket: string, storeId: string): boolean;
  /** @returns undefined for what was not made for this store, is over, or was used */
  redeem(ticket: string, storeId: string): Promise<TicketHolder | undefined>;
}

const NONCE_BYTES = 12;
const MAC_BYTES = 15;
/** When it is over (seconds, base 36), a nonce, the holder, the signature. */
const TICKET = /^(([\da-z]{6,8})\.([\w-]{16})\.(?:(\d)|([\da-f]{64})))\.([\w-]{20})$/;

export function createStreamTickets(deps: {
  readonly db: Queryable;
  readonly secret: Secret;
  readonly now: Clock;
  readonly livesS: number;
}): StreamTickets {
  const { db, now, livesS } = deps;
  const signer = createSigner(deps.secret, MAC_BYTES);
  const nowS = (): number => Math.floor(now() / 1_000);

  function read(ticket: string, storeId: string) {
    const [, head, over, nonce, role, session, mac] = TICKET.exec(ticket) ?? [];
    if (head === undefined || !signer.isSigned(Buffer.from(mac!, 'base64url'), `stream ${storeId} ${head}`)) return;
    const expiresS = Number.parseInt(over!, 36);
    if (expiresS < nowS()) return;
    const holder = session === undefined ? { role: ROLES[Number(role)]! } : { session };
    return { nonce: nonce!, expiresS, holder };
  }

  return {
    issue(storeId, holder) {
      const expiresS = nowS() + livesS;
      const who = 'session' in holder ? holder.session : ROLES.indexOf(holder.role);
      const head = `${expiresS.toString(36)}.${randomBytes(NONCE_BYTES).toString('base64url')}.${who}`;
      const mac = signer.sign(`stream ${storeId} ${head}`).toString('base64url');
      return { ticket: `${head}.${mac}`, expiresMs: expiresS * 1_000 };
    },
    isSigned: (ticket, storeId) => read(ticket, storeId) !== undefined,
    async redeem(ticket, storeId) {
      const known = read(ticket, storeId);
      if (!known) return undefined;
      const { rowCount } = await db.query(
        // Kept for longer than it is good: by no process' clock is it good again.
        `WITH over AS (DELETE FROM used_stream_ticket WHERE expires_at < now() - interval '5 minutes')
         INSERT INTO used_stream_ticket (nonce, expires_at) VALUES ($1, to_timestamp($2)) ON CONFLICT DO NOTHING`,
        [known.nonce, known.expiresS],
        'use-stream-ticket',
      );
      return rowCount === 1 ? known.holder : undefined;
    },
  };
}
