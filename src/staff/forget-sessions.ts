import type { Queryable } from '../platform/db/pool.ts';

/** Longer than any two clocks are apart, so that nobody is signed out by it. */
const OVER_FOR = `interval '1 day'`;

/**
 * Throws away what nobody can use any more: sessions whose time is over, with whoever worked at a tablet by them, and invitations that
 * nobody took up. Tablets stay signed in until somebody revokes them. A year of a chain is some thousands a day, so one statement each.
 */
export async function forgetSessions(
  db: Queryable,
): Promise<{ readonly sessions: number; readonly invitations: number }> {
  const sessions = await db.query(
    `DELETE FROM staff_session WHERE expires_at < now() - ${OVER_FOR}`,
    [],
    'forget-sessions',
  );
  const invitations = await db.query(
    `DELETE FROM staff_invitation WHERE expires_at < now() - ${OVER_FOR}`,
    [],
    'forget-all-invitations',
  );
  await db.query(`DELETE FROM used_stream_ticket WHERE expires_at < now() - ${OVER_FOR}`, [], 'forget-stream-tickets');
  return { sessions: sessions.rowCount, invitations: invitations.rowCount };
}
