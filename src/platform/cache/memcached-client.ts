import { connect, type Socket } from 'node:net';
import { RefusedByTier } from './second-tier.ts';

/** Commands that wait for their answers. A healthy server has a handful; a frozen one must not fill the memory. */
const WAITING_MAX = 1_000;
const CONNECT_WITHIN_MS = 1_000;
const RECONNECT_FIRST_MS = 50;
const RECONNECT_MAX_MS = 1_000;
const NEW_LINE = Buffer.from('\r\n');

type Found = ReadonlyMap<string, string>;

interface Waiting {
  /** The values of a retrieval so far. */
  readonly found: Map<string, string>;
  resolve(answer: { line: string; found: Found }): void;
  reject(error: Error): void;
}

/**
 * One connection to one memcached, speaking the few words of its text protocol that a cache needs. Answers come in the
 * order of the commands. While there is no connection a command fails at once, and connecting is tried by itself.
 */
export class MemcachedClient {
  readonly #host: string;
  readonly #port: number;
  readonly #answerWithinMs: number;
  #socket: Socket | undefined;
  #connected = false;
  #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes that must be there before looking again: a large value comes in many pieces. */
  #wanted = 1;
  #pauseMs = RECONNECT_FIRST_MS;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param answerWithinMs a connection whose oldest command has waited ten times as long is given up */
  constructor(host: string, port: number, answerWithinMs: number) {
    this.#host = host;
    this.#port = port;
    this.#answerWithinMs = answerWithinMs;
    this.#connect();
  }

  /** @returns the values that are there, by key */
  async get(keys: readonly string[]): Promise<Found> {
    const { line, found } = await this.#send(`get ${keys.join(' ')}\r\n`);
    if (line !== 'END') throw new RefusedByTier(line);
    return found;
  }

  /** @param seconds 0: no end */
  async store(command: 'set' | 'add', key: string, value: string, seconds: number): Promise<boolean> {
    const bytes = Buffer.byteLength(value);
    const { line } = await this.#send(`${command} ${key} 0 ${seconds} ${bytes}\r\n${value}\r\n`);
    if (line !== 'STORED' && line !== 'NOT_STORED') throw new RefusedByTier(line);
    return line === 'STORED';
  }

  async delete(key: string): Promise<boolean> {
    const { line } = await this.#send(`delete ${key}\r\n`);
    if (line !== 'DELETED' && line !== 'NOT_FOUND') throw new RefusedByTier(line);
    return line === 'DELETED';
  }

  /** Adds one to a counter. @returns undefined when there is none */
  async increment(key: string): Promise<number | undefined> {
    const { line } = await this.#send(`incr ${key} 1\r\n`);
    if (/^\d+$/.test(line)) return Number(line);
    if (line !== 'NOT_FOUND') throw new RefusedByTier(line);
    return undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
    this.#drop(new Error('The connection was closed.'));
  }

  #send(command: string): Promise<{ line: string; found: Found }> {
    return new Promise((resolve, reject) => {
      if (!this.#connected || !this.#socket) return reject(new Error('There is no connection to memcached.'));
      if (this.#waiting.length >= WAITING_MAX) return reject(new Error('Too many commands wait for memcached.'));
      this.#waiting.push({ found: new Map(), resolve, reject });
      this.#socket.write(command);
    });
  }

  #connect(): void {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#socket = socket;
    const patience = setTimeout(() => socket.destroy(), CONNECT_WITHIN_MS).unref();
    socket.once('connect', () => {
      clearTimeout(patience);
      this.#connected = true;
      this.#pauseMs = RECONNECT_FIRST_MS;
      // Silence is normal while nothing was asked; the watch below looks only at what waits.
      socket.setTimeout(this.#answerWithinMs * 10, () => {
        if (this.#waiting.length > 0) socket.destroy();
      });
    });
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(patience);
      this.#connected = false;
      this.#drop(new Error('The connection to memcached was lost.'));
      if (this.#closed) return;
      this.#timer = setTimeout(() => this.#connect(), this.#pauseMs).unref();
      this.#pauseMs = Math.min(this.#pauseMs * 2, RECONNECT_MAX_MS);
    });
  }

  #drop(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#chunks = [];
    this.#buffered = 0;
    this.#wanted = 1;
    for (const command of waiting) command.reject(error);
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#wanted) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#buffered);
    let at = 0;
    this.#wanted = 1;
    for (;;) {
      const end = bytes.indexOf(NEW_LINE, at);
      if (end < 0) break;
      const line = bytes.toString('latin1', at, end);
      if (line.startsWith('VALUE ')) {
        const [, key = '', , length = '0'] = line.split(' ');
        const from = end + 2;
        const to = from + Number(length);
        if (to + 2 > bytes.length) {
          this.#wanted = to + 2 - at;
          break;
        }
        this.#waiting[0]?.found.set(key, bytes.toString('utf8', from, to));
        at = to + 2;
      } else {
        const command = this.#waiting.shift();
        command?.resolve({ line, found: command.found });
        at = end + 2;
      }
    }
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#buffered = bytes.length - at;
  }
}
