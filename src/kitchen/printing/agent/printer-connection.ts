import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * The questions of ESC/POS. `DLE EOT n` is answered at once, also by a printer that is offline; `GS r 1` stands in the
 * queue behind the slip, so its answer says that all before it was worked off.
 */
const OFFLINE_CAUSE = Buffer.from([0x10, 0x04, 2]);
const PAPER = Buffer.from([0x10, 0x04, 4]);
const PAPER_IN_TURN = Buffer.from([0x1d, 0x72, 1]);

type AnswerTo = 'at once' | 'in turn';

/**
 * Tells a printer's answers apart by their fixed bits, and leaves out what it says unasked: XON, XOFF, and the four bytes
 * of Automatic Status Back.
 */
export function createAnswerReader(heard: (to: AnswerTo, answer: number) => void): (bytes: Uint8Array) => void {
  let unaskedLeft = 0;
  return (bytes) => {
    for (const byte of bytes) {
      if (unaskedLeft > 0) unaskedLeft -= 1;
      else if ((byte & 0x93) === 0x12) heard('at once', byte);
      else if ((byte & 0x93) === 0x10) unaskedLeft = 3;
      else if ((byte & 0x90) === 0) heard('in turn', byte);
    }
  };
}

export interface PrinterConnection {
  /** @throws Error that says what a person must do: paper, cover, or a printer that answers nothing */
  checkReady(): Promise<void>;
  /** Sends a slip and waits until the printer has worked it off. @throws Error that says why that is not known */
  printAndConfirm(bytes: Buffer, withinMs: number): Promise<void>;
}

/**
 * Connects to a printer for as long as `work` takes.
 * @throws the system's error, Error when the printer does not take the connection within `answerWithinMs`, and what `work` throws
 */
export async function withPrinter(
  at: { host: string; port: number },
  answerWithinMs: number,
  work: (printer: PrinterConnection) => Promise<void>,
): Promise<void> {
  const socket = connect(at);
  const waiting = new Map<AnswerTo, (answer: number) => void>();
  let lost = (_: Error): void => {};
  const gone = new Promise<never>((_, reject) => {
    lost = reject;
  });
  gone.catch(() => {});
  socket.on('error', lost);
  socket.on('close', () => lost(new Error('The printer closed the connection.')));
  socket.on(
    'data',
    createAnswerReader((to, answer) => waiting.get(to)?.(answer)),
  );

  /** @returns undefined when it does not answer in time. @throws Error when the connection is lost */
  async function ask(question: Buffer, to: AnswerTo, withinMs: number): Promise<number | undefined> {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const timer = setTimeout(resolve, withinMs, undefined);
    waiting.set(to, resolve);
    try {
      socket.write(question);
      return await Promise.race([promise, gone]);
    } finally {
      clearTimeout(timer);
      waiting.delete(to);
    }
  }

  /** What a person must see to, or undefined; null when it does not say. */
  async function trouble(): Promise<string | undefined | null> {
    const cause = await ask(OFFLINE_CAUSE, 'at once', answerWithinMs);
    const paper = cause === undefined ? undefined : await ask(PAPER, 'at once', answerWithinMs);
    if (cause === undefined || paper === undefined) return null;
    if (cause & 0x04) return 'The printer’s cover is open.';
    if (cause & 0x20 || paper & 0x60) return 'The printer has no paper.';
    return cause & 0x40 ? 'The printer reports an error.' : undefined;
  }

  const printer: PrinterConnection = {
    async checkReady() {
      const found = await trouble();
      if (found) throw new Error(found);
      // Both ways must work before a slip depends on them: one that is never confirmed would be printed for ever.
      if (found === null || (await ask(PAPER_IN_TURN, 'in turn', answerWithinMs)) === undefined) {
        throw new Error('The printer does not say how it is. If it cannot, start with --no-status.');
      }
    },
    async printAndConfirm(bytes, withinMs) {
      const answer = await ask(Buffer.concat([bytes, PAPER_IN_TURN]), 'in turn', withinMs);
      if (answer !== undefined) return;
      throw new Error((await trouble()) ?? 'The printer took the slip and does not say that it is printed.');
    },
  };

  const timer = setTimeout(() => socket.destroy(new Error('The printer does not answer.')), answerWithinMs);
  try {
    await Promise.race([once(socket, 'connect'), gone]).finally(() => clearTimeout(timer));
    await work(printer);
    // Until the printer has closed too: many take one connection at a time.
    const closed = once(socket, 'close');
    socket.end();
    socket.setTimeout(answerWithinMs, () => socket.destroy());
    await closed.catch(() => {});
  } finally {
    socket.destroy();
  }
}
