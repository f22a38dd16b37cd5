import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.ts';

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

export interface EventStreamBounds {
  /** Open streams of one process; past it 503, and pages poll instead. */
  readonly streamsMax: number;
  /** Bytes that one reader may leave unread. */
  readonly pendingBytesMax: number;
  readonly heartbeatMs: number;
}

/**
 * All open streams of this process. Kept apart from the server, because Fastify does not see them and would wait for
 * them for ever when closing.
 */
export interface EventStreams {
  /** @throws Problem `busy` */
  open(request: FastifyRequest, reply: FastifyReply): EventStream;
  readonly count: number;
  /** Ends every stream and refuses new ones. */
  close(): void;
}

/** Readers wait this long before they come back; spread by the page itself. */
const RETRY_MS = 2_000;

/** The same bytes for every reader: with HTTP/1.1 framed as a chunk, for an old proxy without. */
interface Encoded {
  readonly chunk: Buffer;
  readonly plain: Buffer;
}

function encode(text: string): Encoded {
  const plain = Buffer.from(text);
  return { plain, chunk: Buffer.concat([Buffer.from(`${plain.length.toString(16)}\r\n`), plain, Buffer.from('\r\n')]) };
}

const HEARTBEAT = encode(':\n\n');

/**
 * An event goes to thousands of readers one after another, as the same object: it is written out once. One place is
 * enough, because nothing comes in between.
 */
function createEncoder() {
  let last:
    | { readonly event: string; readonly data: unknown; readonly id: number | undefined; readonly encoded: Encoded }
    | undefined;
  return (event: string, data: unknown, id: number | undefined): Encoded => {
    if (last && last.data === data && last.event === event && last.id === id) return last.encoded;
    const encoded = encode(
      `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`,
    );
    last = { event, data, id, encoded };
    return encoded;
  };
}

export function createEventStreams(bounds: EventStreamBounds): EventStreams {
  const streams = new Set<{ beat(): void; end(): void }>();
  const encodeEvent = createEncoder();
  let closing = false;
  // One timer for all: ten thousand timers would cost more than their heartbeats.
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.beat();
  }, bounds.heartbeatMs);
  heartbeat.unref();

  return {
    open(request, reply) {
      if (closing || streams.size >= bounds.streamsMax) throw new Problem('busy', { retryAfterS: 5 });
      reply.hijack();
      const { raw } = reply;
      const { socket } = request.raw;
      socket.setNoDelay(true);
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      });
      raw.write(`retry: ${RETRY_MS}\n\n`);

      const listeners: (() => void)[] = [];
      let closed = false;
      const { chunkedEncoding } = raw;
      // Past the response object: framing and copying the same bytes for each reader took most of the time.
      const write = ({ chunk, plain }: Encoded) => {
        if (closed || raw.writableEnded) return;
        socket.write(chunkedEncoding ? chunk : plain);
        if (socket.writableLength > bounds.pendingBytesMax) raw.destroy();
      };
      const stream: EventStream & { beat(): void } = {
        send: (event, data, id) => write(encodeEvent(event, data, id)),
        beat: () => write(HEARTBEAT),
        flushed: () =>
          new Promise((resolve) => {
            if (closed) return resolve();
            listeners.push(resolve);
            raw.write(':\n\n', () => {
              listeners.splice(listeners.indexOf(resolve), 1);
              resolve();
            });
          }),
        onClose: (listener) => {
          if (closed) listener();
          else listeners.push(listener);
        },
        get closed() {
          return closed;
        },
        end: () => raw.end(),
      };
      raw.once('close', () => {
        closed = true;
        streams.delete(stream);
        for (const listener of listeners) listener();
      });
      raw.on('error', () => {});
      streams.add(stream);
      return stream;
    },
    get count() {
      return streams.size;
    },
    close() {
      closing = true;
      clearInterval(heartbeat);
      for (const stream of streams) stream.end();
    },
  };
}
