import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * Closes a connection at once. The driver's own `end` says goodbye and waits for the answer, which never comes from a database
 * that is frozen or behind a line that leads nowhere.
 */
export function closeAtOnce(client: pg.Client): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  // Whoever waits on it for one of many statements says so, and each farewell would listen for its end.
  if (stream.destroyed) return;
  client.on('error', () => {});
  client.end().catch(() => {});
  stream.destroy();
}
