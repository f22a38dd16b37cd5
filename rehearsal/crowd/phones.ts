import { connect, type Socket } from 'node:net';
import type { Exchange } from './connections.ts';
import { ResponseReader } from './response-reader.ts';

export interface PhonesOptions {
  readonly host: string;
  readonly port: number;
  readonly count: number;
}

/** Connections that are being opened at once: well below a listening socket's backlog of 511. */
const OPENING_MAX = 200;
const CHECK_DEADLINES_EVERY_MS = 20;
/**
 * Connections opened anew: 4,000 a second. A new one costs the generator about 100 µs, as much as four requests; phones of which
 * thousands give up in the same moment would otherwise keep it from sending. Fewer would spare the server its crowd.
 */
const RECONNECT_EVERY_MS = 2;
const RECONNECTS_AT_ONCE = 8;
const OPEN_WITHIN_MS = 60_000;

interface Phone {
  readonly index: number;
  socket: Socket | undefined;
  connected: boolean;
  exchange: Exchange | undefined;
  /** Between `take` and `release`. */
  taken: boolean;
  /** In the queue of those that have nothing to do. */
  queued: boolean;
  /** In the queue of those that are to connect again. */
  lost: boolean;
}

/**
 * A fixed crowd of phones, each with a keep-alive connection of its own, and with an address of its own where the system has
 * as many (Linux: all of 127.0.0.0/8). One that gave up waiting hangs up and connects again, as a browser that aborts does.
 */
export class Phones {
  readonly #options: PhonesOptions;
  readonly #phones: Phone[];
  /** Ring of phones that have nothing to do, the one that has rested longest first. */
  readonly #idle: Int32Array;
  #idleFrom = 0;
  #idleCount = 0;
  #underWay = 0;
  #connects = 0;
  /** Phones that are to hang up, if they have not, and to connect again, first come first served. */
  #lost: Phone[] = [];
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(options: PhonesOptions) {
    this.#options = options;
    this.#idle = new Int32Array(options.count);
    this.#phones = Array.from({ length: options.count }, (_, index) => ({
      index,
      socket: undefined,
      connected: false,
      exchange: undefined,
      taken: false,
      queued: false,
      lost: false,
    }));
    this.#timers = [
      setInterval(() => this.#checkDeadlines(), CHECK_DEADLINES_EVERY_MS),
      setInterval(() => this.#reconnect(), RECONNECT_EVERY_MS),
    ];
  }

  /** Requests under way. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Connections opened so far. */
  get connects(): number {
    return this.#connects;
  }

  /** Connects all of them. @throws when that takes longer than a minute */
  async open(): Promise<void> {
    const deadline = performance.now() + OPEN_WITHIN_MS;
    for (let next = 0; ; ) {
      const open = this.#phones.reduce((sum, { connected }) => sum + Number(connected), 0);
      if (open === this.#phones.length) return;
      if (performance.now() > deadline) throw new Error(`Only ${open} of ${this.#phones.length} phones could connect.`);
      for (; next < this.#phones.length && next - open < OPENING_MAX; next++) this.#connect(this.#phones[next]!);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** @returns the phone that has had nothing to do for the longest time; undefined when all are busy */
  take(): number | undefined {
    while (this.#idleCount > 0) {
      const phone = this.#phones[this.#idle[this.#idleFrom]!]!;
      this.#idleFrom = (this.#idleFrom + 1) % this.#idle.length;
      this.#idleCount -= 1;
      phone.queued = false;
      // One that lost its connection comes back into the queue with the next.
      if (!phone.connected) continue;
      phone.taken = true;
      return phone.index;
    }
    return undefined;
  }

  /** Sends over the connection of a phone that was taken; it has at most one request under way. */
  send(index: number, exchange: Exchange): void {
    const phone = this.#phones[index]!;
    phone.exchange = exchange;
    this.#underWay += 1;
    // One that has just lost its connection sends it over the next.
    if (phone.connected) phone.socket!.write(exchange.text, 'utf8');
  }

  /** The phone has nothing to do any more. */
  release(index: number): void {
    const phone = this.#phones[index]!;
    phone.taken = false;
    this.#rest(phone);
  }

  /** Hangs up. What is still under way fails as timed out. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const phone of this.#phones) {
      phone.socket?.destroy();
      phone.socket = undefined;
      this.#fail(phone, 'timeout');
    }
  }

  #rest(phone: Phone): void {
    if (phone.taken || phone.queued || !phone.connected) return;
    phone.queued = true;
    this.#idle[(this.#idleFrom + this.#idleCount) % this.#idle.length] = phone.index;
    this.#idleCount += 1;
  }

  #connect(phone: Phone): void {
    const { host, port } = this.#options;
    this.#connects += 1;
    const socket = connect({ host, port, noDelay: true, ...ownAddress(host, phone.index) });
    phone.socket = socket;
    const reader = new ResponseReader((answer) => {
      // What comes for one that has given up is nobody's.
      if (phone.socket !== socket || phone.lost) return;
      const { exchange } = phone;
      if (!exchange) return this.#lose(phone, socket, 'unasked');
      phone.exchange = undefined;
      this.#underWay -= 1;
      if (!answer.keepAlive) this.#lose(phone, socket, 'closed');
      exchange.answered(answer);
    });
    socket.on('connect', () => {
      if (phone.socket !== socket || phone.lost) return;
      phone.connected = true;
      if (phone.exchange) socket.write(phone.exchange.text, 'utf8');
      this.#rest(phone);
    });
    socket.on('data', (chunk) => {
      reader.keepsBody = phone.exchange?.keepsBody ?? false;
      try {
        reader.push(chunk);
      } catch {
        this.#lose(phone, socket, 'malformed answer');
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.#lose(phone, socket, error.code ?? error.message));
    socket.on('close', () => this.#lose(phone, socket, 'ECONNRESET'));
  }

  #lose(phone: Phone, socket: Socket, kind: string): void {
    if (phone.socket !== socket) return;
    phone.socket = undefined;
    socket.destroy();
    this.#giveUp(phone, kind);
  }

  #giveUp(phone: Phone, kind: string): void {
    phone.connected = false;
    if (!phone.lost) {
      phone.lost = true;
      this.#lost.push(phone);
    }
    this.#fail(phone, kind);
  }

  #fail(phone: Phone, kind: string): void {
    const { exchange } = phone;
    if (!exchange) return;
    phone.exchange = undefined;
    this.#underWay -= 1;
    exchange.failed(kind);
  }

  #reconnect(): void {
    for (const phone of this.#lost.splice(0, RECONNECTS_AT_ONCE)) {
      phone.lost = false;
      const old = phone.socket;
      phone.socket = undefined;
      old?.destroy();
      this.#connect(phone);
    }
  }

  #checkDeadlines(): void {
    const nowMs = performance.now();
    for (const phone of this.#phones) {
      if (phone.exchange && phone.exchange.deadlineMs <= nowMs) this.#giveUp(phone, 'timeout');
    }
  }
}

/** Each phone comes from an address of its own, so that to the server it is a client of its own, and ports do not run out. */
function ownAddress(host: string, index: number): { localAddress?: string } {
  if (process.platform !== 'linux' || host !== '127.0.0.1') return {};
  return { localAddress: `127.1.${1 + ((index >> 8) & 127)}.${index & 255}` };
}
