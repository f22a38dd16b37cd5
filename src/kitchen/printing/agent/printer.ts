import { open } from 'node:fs/promises';
import { connect } from 'node:net';

/** Takes the bytes of one slip. @throws the system's error when they did not go out */
export type Printer = (bytes: Buffer) => Promise<void>;

/** A printer without paper keeps the connection and takes nothing; past this the slip stays unacknowledged. */
const PRINT_WITHIN_MS = 10_000;

/**
 * `tcp://host:9100` (what network printers listen on) or the path of a device or a file, to which is appended.
 * @throws Error when the address has no port
 */
export function openPrinter(to: string): Printer {
  if (!to.startsWith('tcp://')) return (bytes) => appendTo(to.replace(/^file:\/\//, ''), bytes);
  const { hostname, port } = new URL(to);
  if (!hostname || !port) throw new Error(`${to}: a host and a port are needed, as in tcp://printer:9100.`);
  return (bytes) => sendTo(hostname.replace(/^\[|\]$/g, ''), Number(port), bytes);
}

async function appendTo(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

const sendTo = (host: string, port: number, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(PRINT_WITHIN_MS, () => socket.destroy(new Error('The printer does not take the slip.')));
    socket.once('error', reject);
    // Printers say nothing; that they took all of it is what can be known.
    socket.once('finish', () => socket.destroy());
    socket.once('close', (failed) => !failed && resolve());
    socket.end(bytes);
    socket.resume();
  });
