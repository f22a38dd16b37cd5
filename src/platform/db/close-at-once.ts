import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * Closes a connection at once. The driver's own `end` says goodbye and waits for the answer, which never comes from a database
 * that is frozen or behind a line that leads nowhere.
 */
export function closeAtOnce(client: pg.Client): void {
  client.on('error', () => {});
  client.end().catch(() => {});
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}
