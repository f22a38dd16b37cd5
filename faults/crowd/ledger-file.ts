import { closeSync, createReadStream, fdatasync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { COLUMNS, type LedgerLine } from './plan.ts';

const NOTHING = '\\N';
const NUMBERS = new Set<string>(COLUMNS.filter((name) => !['kind', 'key', 'problem'].includes(name)));

/** A crowd's own account of what it sent and what it was told; the product's counters are not asked. */
export interface LedgerFile {
  /** Resolves when the line is on disk: nothing is sent that the ledger could forget. */
  durable(line: Partial<LedgerLine>): Promise<void>;
  /** Goes to disk with the next flush. */
  write(line: Partial<LedgerLine>): void;
  close(): Promise<void>;
}

/**
 * Appends to a file in the text format of Postgres' COPY. While one flush is under way the lines of the next gather, as commits do
 * (group commit), so a slow disk costs a crowd one wait and not one wait a line.
 */
export function openLedgerFile(path: string): LedgerFile {
  const descriptor = openSync(path, 'a');
  const flushed = promisify(fdatasync);
  let lines: string[] = [];
  let waiting: (() => void)[] = [];
  let flushing: Promise<void> | undefined;
  const flush = async () => {
    while (lines.length > 0) {
      const [text, told] = [lines.join(''), waiting];
      lines = [];
      waiting = [];
      writeSync(descriptor, text);
      await flushed(descriptor);
      for (const tell of told) tell();
    }
    flushing = undefined;
  };
  const write = (line: Partial<LedgerLine>) => {
    lines.push(`${COLUMNS.map((name) => line[name] ?? NOTHING).join('\t')}\n`);
    flushing ??= flush();
  };
  return {
    write,
    durable: (line) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        write(line);
      }),
    async close() {
      await flushing;
      closeSync(descriptor);
    },
  };
}

/** Reads a ledger; a last line that was cut off was never acted upon and is left out. */
export async function readLedgerFile(path: string): Promise<LedgerLine[]> {
  const read: LedgerLine[] = [];
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const values = text.split('\t');
    if (values.length !== COLUMNS.length) continue;
    const entries = COLUMNS.map((name, at) => {
      const value = values[at]!;
      return [name, value === NOTHING ? null : NUMBERS.has(name) ? Number(value) : value];
    });
    read.push(Object.fromEntries(entries) as LedgerLine);
  }
  return read;
}
