import pg from 'pg';
import { closeAtOnce } from '../db/close-at-once.ts';
import { withoutWaitingForDisk } from '../db/connection-settings.ts';
import type { Queryable } from '../db/pool.ts';

/** One connection to the database whose end is the end of all that it holds. */
export interface Session extends Queryable {
  /** Never waits, whatever the database does. */
  close(): void;
}

export interface SessionBounds {
  /** How long a statement about jobs, or the connecting, may take before the database is taken for gone. */
  readonly silenceMs: number;
  /** After so long without a statement the database ends the session: its process stands still. */
  readonly idleMs: number;
}

/**
 * @param onNews called for each notification on `channel`, and when the connection is lost
 * @throws the database's error when it cannot be reached
 */
export async function openSession(
  url: string,
  channel: string,
  { silenceMs, idleMs }: SessionBounds,
  onNews: () => void,
): Promise<Session> {
  const client = new pg.Client({
    // That a job was begun or ended need not be on the disk at once: what a crash of the database forgets of it is done again.
    connectionString: withoutWaitingForDisk(url),
    connectionTimeoutMillis: silenceMs,
    query_timeout: silenceMs,
    statement_timeout: silenceMs,
    keepAlive: true,
    application_name: 'matjip-jobs',
  });
  const close = () => closeAtOnce(client);
  client.on('error', onNews);
  client.on('end', onNews);
  client.on('notification', onNews);
  try {
    await client.connect();
    // The second: the server asks whether this machine still lives, for a connection that says nothing in the middle of a statement.
    await client.query(`SET idle_session_timeout = ${idleMs}; SET tcp_keepalives_idle = 10;
      SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; LISTEN ${pg.escapeIdentifier(channel)}`);
  } catch (error) {
    close();
    throw error;
  }
  return {
    async query(text, values, name) {
      const { rows, rowCount } = await client.query({
        text,
        ...(values && { values: values as unknown[] }),
        ...(name && { name }),
      });
      return { rows, rowCount: rowCount ?? 0 };
    },
    close,
  };
}
