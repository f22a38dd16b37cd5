import { connect, type Socket } from 'node:net';
import { type HttpAnswer, ResponseReader } from './response-reader.ts';

/** One request under way. */
export interface Exchange {
  /** The whole request as it goes over the wire. */
  readonly text: string;
  readonly keepsBody: boolean;
  /** `performance.now()` after which nobody waits for the answer any more. */
  readonly deadlineMs: number;
  answered(answer: HttpAnswer): void;
  /** @param kind `timeout`, `not sent`, or the system's code, such as ECONNRESET */
  failed(kind: string): void;
}

export interface ConnectionsOptions {
  readonly host: string;
  readonly port: number;
  /** Requests under way at once. More wait here for a connection; their latency runs on. */
  readonly max: number;
  /** Requests that may wait; past it they are dropped, and counted as never sent. */
  readonly waitingMax: number;
}

const CHECK_DEADLINES_EVERY_MS = 50;
/** Well before any server closes an idle connection, so that no request meets one that is just closing. */
const IDLE_MAX_MS = 20_000;

interface Connection {
  readonly socket: Socket;
  exchange: Exchange | undefined;
  freeSinceMs: number;
}

/**
 * Keep-alive connections of many phones: each has one request under way, a new one is opened when all are busy. Bare sockets,
 * because an HTTP client's comforts cost more CPU than the server that is measured.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #all = new Set<Connection>();
  readonly #free: Connection[] = [];
  #waiting: Exchange[] = [];
  #waitingFrom = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#checkDeadlines(), CHECK_DEADLINES_EVERY_MS);
  }

  /** Requests that are under way or wait. */
  get pending(): number {
    return this.#all.size - this.#free.length + this.#waiting.length - this.#waitingFrom;
  }

  send(exchange: Exchange): void {
    const connection = this.#free.pop();
    if (connection) this.#write(connection, exchange);
    else if (this.#all.size < this.#options.max) this.#open(exchange);
    else if (this.#waiting.length - this.#waitingFrom < this.#options.waitingMax) this.#waiting.push(exchange);
    else exchange.failed('not sent');
  }

  /** Fails what is still under way or waits as timed out, and closes all connections. */
  close(): void {
    clearInterval(this.#timer);
    const waiting = this.#waiting.slice(this.#waitingFrom);
    this.#waiting = [];
    this.#waitingFrom = 0;
    for (const exchange of waiting) exchange.failed('timeout');
    for (const connection of [...this.#all]) this.#drop(connection, 'timeout');
  }

  #write(connection: Connection, exchange: Exchange): void {
    connection.exchange = exchange;
    connection.socket.write(exchange.text, 'utf8');
  }

  #open(exchange: Exchange): void {
    const socket = connect({ host: this.#options.host, port: this.#options.port, noDelay: true });
    const connection: Connection = { socket, exchange: undefined, freeSinceMs: 0 };
    const reader = new ResponseReader((answer) => this.#finish(connection, answer));
    this.#all.add(connection);
    socket.on('data', (chunk) => {
      reader.keepsBody = connection.exchange?.keepsBody ?? false;
      try {
        reader.push(chunk);
      } catch {
        this.#drop(connection, 'malformed answer');
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.#drop(connection, error.code ?? error.message));
    socket.on('close', () => this.#drop(connection, 'ECONNRESET'));
    // What is written before the connection stands goes out as soon as it does.
    this.#write(connection, exchange);
  }

  #finish(connection: Connection, answer: HttpAnswer): void {
    const exchange = connection.exchange;
    connection.exchange = undefined;
    if (!exchange) {
      this.#drop(connection, 'unasked');
      return;
    }
    if (answer.keepAlive) this.#release(connection);
    else this.#drop(connection, 'closed');
    exchange.answered(answer);
  }

  #release(connection: Connection): void {
    const next = this.#nextWaiting();
    if (next) this.#write(connection, next);
    else {
      connection.freeSinceMs = performance.now();
      this.#free.push(connection);
    }
  }

  #nextWaiting(): Exchange | undefined {
    const next = this.#waiting[this.#waitingFrom];
    if (!next) return undefined;
    this.#waitingFrom += 1;
    if (this.#waitingFrom === this.#waiting.length) {
      this.#waiting = [];
      this.#waitingFrom = 0;
    }
    return next;
  }

  #drop(connection: Connection, kind: string): void {
    if (!this.#all.delete(connection)) return;
    const free = this.#free.indexOf(connection);
    if (free >= 0) this.#free.splice(free, 1);
    connection.socket.destroy();
    const exchange = connection.exchange;
    connection.exchange = undefined;
    exchange?.failed(kind);
    const next = this.#nextWaiting();
    if (next) this.send(next);
  }

  #checkDeadlines(): void {
    const nowMs = performance.now();
    for (const connection of this.#all) {
      if (connection.exchange && connection.exchange.deadlineMs <= nowMs) this.#drop(connection, 'timeout');
    }
    // The one used last is used next, so the first is the one that has been idle longest.
    while (this.#free[0] && nowMs - this.#free[0].freeSinceMs > IDLE_MAX_MS) this.#drop(this.#free[0], 'idle');
    // All have the same patience, so the first that waits is the first whose time is over.
    for (;;) {
      const first = this.#waiting[this.#waitingFrom];
      if (!first || first.deadlineMs > nowMs) break;
      this.#nextWaiting();
      first.failed('timeout');
    }
  }
}
