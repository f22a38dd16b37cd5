import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { withPrinter } from './printer-connection.ts';

export interface Printer {
  /**
   * Asked before a slip is taken: a printer without paper leaves the slips to others.
   * @throws Error that says what a person must do
   */
  ready(): Promise<void>;
  /**
   * Prints the bytes of one slip.
   * @throws Unsure when they went out and nobody knows whether they are on paper; Error when they did not
   */
  print(bytes: Buffer): Promise<void>;
}

/** The slip may be on paper or not. It is printed again, marked as a copy, because a dish that nobody cooks is worse. */
export class Unsure extends Error {
  override readonly name = 'Unsure';
}

export interface PrinterOptions {
  /** Whether it answers questions: `false` believes a network printer that took the bytes. */
  readonly status?: boolean;
  /** How long one answer may take; a printer that works needs milliseconds. */
  readonly answerWithinMs?: number;
  /** How long a slip may take: 1.2 m of paper at the slowest 100 mm/s. Shorter than the 20 s after which it is handed out again. */
  readonly printWithinMs?: number;
}

const ANSWER_WITHIN_MS = 2_000;
const PRINT_WITHIN_MS = 14_000;
/** A printer that closes when it has read all does so at once; one that keeps the connection has the bytes all the same. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * `tcp://host:9100` (what network printers listen on) or the path of a device or a file, to which is appended. Devices and
 * files have no way back: what was written is believed.
 * @throws Error when the address has no port
 */
export function openPrinter(to: string, options: PrinterOptions = {}): Printer {
  if (!to.startsWith('tcp://')) return believed((bytes) => appendTo(to.replace(/^file:\/\//, ''), bytes));
  const { hostname, port } = new URL(to);
  if (!hostname || !port) throw new Error(`${to}: a host and a port are needed, as in tcp://printer:9100.`);
  const at = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
  const { status = true, answerWithinMs = ANSWER_WITHIN_MS, printWithinMs = PRINT_WITHIN_MS } = options;
  if (!status) return believed((bytes) => sendTo(at, bytes, printWithinMs));
  return {
    ready: () => withPrinter(at, answerWithinMs, (printer) => printer.checkReady()),
    print: (bytes) =>
      withPrinter(at, answerWithinMs, async (printer) => {
        await printer.checkReady();
        try {
          await printer.printAndConfirm(bytes, printWithinMs);
          // It has worked off the slip; had the paper ended within it, it would say so now.
          await printer.checkReady();
        } catch (error) {
          throw new Unsure((error as Error).message);
        }
      }),
  };
}

const believed = (print: Printer['print']): Printer => ({ ready: async () => {}, print });

async function appendTo(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

const sendTo = (at: { host: string; port: number }, bytes: Buffer, withinMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(at);
    let sent = false;
    socket.setTimeout(withinMs, () => {
      // A silent printer that took all of it is believed; one that took only some is not.
      if (sent) socket.destroy();
      else socket.destroy(new Unsure('The printer does not take the slip.'));
    });
    socket.once('error', (error) => reject(socket.bytesWritten > 0 ? new Unsure(error.message) : error));
    socket.once('finish', () => {
      sent = true;
      socket.setTimeout(CLOSE_WITHIN_MS);
    });
    socket.once('close', (failed) => !failed && resolve());
    socket.end(bytes);
    socket.resume();
  });
