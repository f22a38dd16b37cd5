import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setPriority } from 'node:os';
import type pg from 'pg';

/**
 * Of the scheduler, as `nice` counts. Of a core that all want, the process with its guests' transactions has some ten times as much as each
 * backend that gives way. Five would leave jobs a quarter each, so that a crowd's jobs keep turns of the event loop waiting; nineteen a
 * sixtieth, and tickets are late for as long as the core is full.
 */
const NICENESS = 10;

/**
 * Where the database has this machine's cores too, what this connection asks for gives way to whoever answers guests: the work is the same,
 * and nobody's request lies unread meanwhile. Elsewhere nothing happens. Only the backend of this very connection is meant, and it says so
 * itself: the address of its client stands in its title.
 * @returns whether it gives way now
 */
export function giveWay(client: pg.ClientBase): boolean {
  const { processID, connection } = client as pg.ClientBase & {
    readonly processID: number | null;
    readonly connection: { readonly stream: Socket };
  };
  const { localAddress, localPort } = connection.stream;
  if (!processID || localPort === undefined) return false;
  try {
    const title = readFileSync(`/proc/${processID}/cmdline`, 'utf8');
    if (!title.startsWith('postgres: ') || !title.includes(` ${localAddress}(${localPort})`)) return false;
    setPriority(processID, NICENESS);
    return true;
  } catch {
    // Another machine's, another user's, or no Linux.
    return false;
  }
}
