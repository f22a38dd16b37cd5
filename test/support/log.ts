import { Writable } from 'node:stream';
import pino from 'pino';

/** A logger as in production that keeps its lines in memory. */
export function captureLog(): { log: pino.Logger; lines: readonly string[] } {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { log: pino({ level: 'info' }, sink), lines };
}
