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

export function createEventStreams(bounds: EventStreamBounds): EventStreams {
  const streams = new Set<{ beat(): void; end(): void }>();
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
      request.raw.socket.setNoDelay(true);
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      });
      raw.write(`retry: ${RETRY_MS}\n\n`);

      const listeners: (() => void)[] = [];
      let closed = false;
      const write = (text: string) => {
        if (closed) return;
        raw.write(text);
        if (raw.writableLength > bounds.pendingBytesMax) raw.destroy();
      };
      const stream: EventStream & { beat(): void } = {
        send: (event, data, id) =>
          write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
        beat: () => write(':\n\n'),
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
