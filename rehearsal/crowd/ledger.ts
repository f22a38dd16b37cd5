import { closeSync, createReadStream, fdatasync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** An order that the server said it had taken. */
export interface LedgerEntry {
  readonly storeId: string;
  readonly id: string;
  readonly number: number;
  readonly total: number;
  /** Lets whoever verifies look at the order as its guest would. */
  readonly token: string;
}

/** Why not sooner: a disk flush takes milliseconds. Why not later: what is not flushed is lost with the machine's power. */
const FLUSH_EVERY_MS = 100;

export interface Ledger {
  /** Is in the hands of the operating system when this returns, so it survives `kill -9`. */
  write(entries: readonly LedgerEntry[]): void;
  /** Flushes the last lines to disk and closes the file. */
  close(): Promise<void>;
}

/**
 * An append-only file of acknowledged orders, flushed to disk ten times a second. It may hold less than was acknowledged, when
 * its writer was killed between an answer and the line, and never more; so what it holds and the server does not is lost.
 */
export function openLedger(file: string): Ledger {
  const descriptor = openSync(file, 'a');
  let dirty = false;
  let flushing: Promise<void> = Promise.resolve();
  const flush = () => {
    if (!dirty) return;
    dirty = false;
    flushing = flushing.then(
      () => new Promise((resolve, reject) => fdatasync(descriptor, (error) => (error ? reject(error) : resolve()))),
    );
  };
  const timer = setInterval(flush, FLUSH_EVERY_MS);
  return {
    write(entries) {
      if (entries.length === 0) return;
      const lines = entries.map(
        ({ storeId, id, number, total, token }) => `${storeId} ${id} ${number} ${total} ${token}\n`,
      );
      writeSync(descriptor, lines.join(''));
      dirty = true;
    },
    async close() {
      clearInterval(timer);
      flush();
      await flushing;
      closeSync(descriptor);
    },
  };
}

/** The order that an answer acknowledges. @returns undefined for what is no order: nobody can say then that it was taken */
export function readReceipt(body: Buffer): Omit<LedgerEntry, 'storeId'> | undefined {
  try {
    const { id, number, total, token } = JSON.parse(body.toString());
    return { id, number, total, token };
  } catch {
    return undefined;
  }
}

/** Reads a ledger; a last line that was cut off was not acknowledged to anybody and is left out. */
export async function* readLedger(file: string): AsyncGenerator<LedgerEntry> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [storeId, id, number, total, token, ...rest] = line.split(' ');
    if (!token || rest.length > 0) continue;
    yield { storeId: storeId!, id: id!, number: Number(number), total: Number(total), token };
  }
}
