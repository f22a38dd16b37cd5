import type { LiveMessage } from '../../contract/index.ts';
import type { Queryable } from '../db/pool.ts';

/** Tells whoever watches that an order, a ticket or a menu has changed, once the transaction has committed. */
export interface Announcer {
  announce(tx: Queryable, messages: readonly LiveMessage[]): Promise<void>;
}

export const LIVE_CHANNEL = 'matjip_live';

/** Postgres takes at most 7,999 bytes in one notification; a message is never cut in two. */
const NOTIFICATION_BYTES_MAX = 7_900;

/** Packs messages into as few notifications as they fit in. */
export function packMessages(messages: readonly LiveMessage[]): string[] {
  const packs: string[] = [];
  let pack = '';
  for (const message of messages) {
    const text = JSON.stringify(message);
    if (pack && Buffer.byteLength(pack) + Buffer.byteLength(text) + 2 > NOTIFICATION_BYTES_MAX) {
      packs.push(`[${pack}]`);
      pack = '';
    }
    pack += pack ? `,${text}` : text;
  }
  if (pack) packs.push(`[${pack}]`);
  return packs;
}

/**
 * Tells every process what a transaction changed. NOTIFY is part of the transaction: it is heard if and only if the
 * transaction commits, and after it.
 */
export async function announce(tx: Queryable, messages: readonly LiveMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await tx.query('SELECT pg_notify($1, pack) FROM unnest($2::text[]) AS pack', [LIVE_CHANNEL, packMessages(messages)]);
}
