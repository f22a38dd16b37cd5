import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createFairShares, type FairSharesBounds, type Holders } from '../concurrency/fair-shares.ts';
import { spreadRetryAfterS } from '../http/answer/retry-after.ts';
import { Problem } from '../http/problem.ts';
import type { ClientOf } from '../http/request/client-of.ts';
import type { RequestClass } from '../http/request/request-class.ts';

/** One reader's open Server-Sent Events stream. */
export interface EventStream {
  /** Sends one event; a reader who does not read is let go, and comes back with `Last-Event-ID`. */
  send(event: string, data: unknown, id?: number): void;
  /** Resolves when all that was sent has left for the reader, or the reader is gone: for whoever has much to send. */
  flushed(): Promise<void>;
  /** Runs once when the reader is gone, whoever ended it. */
  onClose(listener: () => void): void;
  readonly closed: boolean;
  end(): void;
}

/** Whose a stream is: the kitchen's, an order's own guest's, anybody's. */
export type StreamClass = Extract<RequestClass, 'staff' | 'status' | 'public-stream'>;

export interface EventStreamBounds {
  /** Open streams of one process: each class has places of its own, so none takes another's. Past them 503, and pages poll instead. */
  readonly places: { readonly [streamClass in StreamClass]: FairSharesBounds<'store' | 'client'> };
  /** Bytes that one reader may leave unread. */
  readonly pendingBytesMax: number;
  readonly heartbeatMs: number;
}

/** All open streams of this process. Kept apart from the server, which does not see them and waits for them when closing. */
export interface EventStreams {
  /** @throws Problem `busy` when the class is full, or the store or the client has its share of it */
  open(request: FastifyRequest, reply: FastifyReply, whose: StreamClass, storeId: string): Promise<EventStream>;
  readonly count: number;
  /** Ends every stream, and hangs up on whoever wants a new one. */
  close(): void;
}

/** Readers wait this long before they come back; spread by the page itself. */
const RETRY_MS = 2_000;

/** Whoever found no place polls meanwhile, and tries again after a time between these. */
const REFUSED_FROM_S = 3;
const REFUSED_TO_S = 10;

/** Time to take what was sent before the stream is cut off. */
const END_WITHIN_MS = 1_000;

const HEARTBEAT = Buffer.from(':\n\n');

/** The stream ends with its connection and needs no chunks, so that new clients and old proxies get the same bytes. */
const head = (): string =>
  [
    'HTTP/1.1 200 OK',
    'Content-Type: text/event-stream; charset=utf-8',
    'Cache-Control: no-store',
    'X-Accel-Buffering: no',
    'X-Content-Type-Options: nosniff',
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    '\r\n',
  ].join('\r\n');

const RETRY = `retry: ${RETRY_MS}\n\n`;

/**
 * An event goes to thousands of readers as the same object, one after another or a whole list to each in turn: it is written out
 * once, and its bytes are kept for as long as the object.
 */
function createEncoder() {
  const made = new WeakMap<
    object,
    { readonly event: string; readonly id: number | undefined; readonly bytes: Buffer }
  >();
  return (event: string, data: unknown, id: number | undefined): Buffer => {
    const isObject = typeof data === 'object' && data !== null;
    const known = isObject ? made.get(data) : undefined;
    if (known && known.event === event && known.id === id) return known.bytes;
    const bytes = Buffer.from(
      `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`,
    );
    if (isObject) made.set(data, { event, id, bytes });
    return bytes;
  };
}

/**
 * Takes the connection over from the HTTP server, which would keep a parser, the request and the answer for as long as
 * it is open: most of what a reader costs. To the server it has closed, so nothing else is read from it or answered.
 */
async function takeOver(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { socket } = request.raw;
  // A request that is not read to its end would take its connection along.
  request.raw.resume();
  // The parser may be in the middle of the bytes that brought the request.
  await setImmediate();
  reply.raw.detachSocket(socket);
  socket.emit('close', false);
  socket.removeAllListeners();
  socket.on('error', () => {});
  // Now as with any socket: a reader who hangs up is hung up on, and what it still says is thrown away.
  socket.allowHalfOpen = false;
  socket.resume();
}

interface Shared {
  readonly encode: ReturnType<typeof createEncoder>;
  readonly pendingBytesMax: number;
}

/** A class, because ten thousand readers would else have functions of their own each. */
class Reader implements EventStream {
  readonly #socket: Socket;
  readonly #shared: Shared;

  constructor(socket: Socket, shared: Shared) {
    this.#socket = socket;
    this.#shared = shared;
  }

  write(bytes: Buffer | string): void {
    if (!this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > this.#shared.pendingBytesMax) this.#socket.destroy();
  }

  send(event: string, data: unknown, id?: number): void {
    this.write(this.#shared.encode(event, data, id));
  }

  async flushed(): Promise<void> {
    if (!this.#socket.writable) return;
    await new Promise<void>((resolve) => this.#socket.write(HEARTBEAT, () => resolve()));
  }

  onClose(listener: () => void): void {
    if (this.#socket.closed) listener();
    else this.#socket.on('close', listener);
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  end(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** @param clientOf undefined: clients are not told apart, and have no bound of their own */
export function createEventStreams(bounds: EventStreamBounds, clientOf?: ClientOf): EventStreams {
  const readers = new Set<Reader>();
  const places = {
    staff: createFairShares(bounds.places.staff),
    status: createFairShares(bounds.places.status),
    'public-stream': createFairShares(bounds.places['public-stream']),
  };
  const shared = { encode: createEncoder(), pendingBytesMax: bounds.pendingBytesMax };
  let closing = false;
  // One timer for all: ten thousand timers would cost more than their heartbeats.
  const heartbeat = setInterval(() => {
    for (const reader of readers) reader.write(HEARTBEAT);
  }, bounds.heartbeatMs);
  heartbeat.unref();

  return {
    async open(request, reply, whose, storeId) {
      const { socket } = request.raw;
      // A request that was sent behind another, before that one's answer, has no turn on the connection yet.
      const waits = reply.raw.socket !== socket;
      const holders: Holders<'store' | 'client'> = {
        store: storeId,
        ...(clientOf && { client: clientOf(request.raw) }),
      };
      // No answer rather than a refusal: a proxy asks the next process, and an EventSource, for which a refusal is final, comes back.
      if (closing && !waits) socket.destroy();
      if (closing || waits || !places[whose].take(holders)) {
        throw new Problem('busy', { retryAfterS: spreadRetryAfterS(REFUSED_FROM_S, REFUSED_TO_S) });
      }
      reply.hijack();
      const reader = new Reader(socket, shared);
      readers.add(reader);
      socket.setNoDelay(true);
      // Who looks at the head alone is told that, and has a place no longer than it takes.
      const isHead = request.method === 'HEAD';
      reader.write(isHead ? head() : head() + RETRY);
      await takeOver(request, reply);
      reader.onClose(() => {
        readers.delete(reader);
        places[whose].giveBack(holders);
      });
      // The end that was asked for meanwhile may have waited as one of the listeners.
      if (closing || isHead) reader.end();
      return reader;
    },
    get count() {
      return readers.size;
    },
    close() {
      closing = true;
      clearInterval(heartbeat);
      for (const reader of readers) reader.end();
      // One that does not read never takes its last bytes, and would hold up the end of the process.
      setTimeout(() => {
        for (const reader of readers) reader.destroy();
      }, END_WITHIN_MS).unref();
    },
  };
}
