import pino from 'pino';

/** Lines that nobody has read yet. More are counted and left out: a log is no reason to run out of memory. */
const UNREAD_BYTES_MAX = 1024 * 1024;

interface Pipe {
  readonly writableLength: number;
  write(text: string): unknown;
  once(event: 'drain', listener: () => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  readonly _handle?: { setBlocking?(blocking: boolean): void } | null;
}

/**
 * The log of a process: JSON lines on its standard output. A reader who does not read, or who is gone, neither holds up the process
 * nor its end, nor ends it: Node writes to pipes and waits, unless told otherwise.
 */
export function createLog(level: string, out: Pipe = process.stdout as unknown as Pipe): pino.Logger {
  for (const stream of [out, process.stderr as unknown as Pipe]) {
    stream._handle?.setBlocking?.(false);
    stream.on('error', () => {});
  }
  let left = 0;
  const sink = {
    write(line: string) {
      if (out.writableLength > UNREAD_BYTES_MAX) {
        if (left === 0) out.once('drain', sayLeft);
        left += 1;
        return;
      }
      out.write(line);
    },
  };
  const log = pino({ level }, sink);
  function sayLeft() {
    const lines = left;
    left = 0;
    log.warn({ lines }, 'Nobody read the log for a while; these lines were left out.');
  }
  return log;
}
