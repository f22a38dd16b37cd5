import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { LiveMessage } from '../../contract/index.ts';
import { LIVE_CHANNEL } from './announcer.ts';

/** Hears what any process announced and hands it to whoever subscribed in this one. */
export interface LiveHub {
  /** @returns ends the subscription */
  subscribe(topic: string, listener: (message: LiveMessage) => void): () => void;
  /** Called when announcements may have been missed, so that whoever watches reads the truth again. */
  onGap(listener: () => void): () => void;
  close(): Promise<void>;
}

/** What a message is about: an order's page, a store's kitchen and everyone who keeps menus listen to different topics. */
export const topicOf = (message: LiveMessage): string =>
  message.kind === 'order' ? `order ${message.event.orderId}` : `${message.kind} ${message.storeId}`;

const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 5_000;

export async function connectLiveHub(url: string, log: { warn(details: object): void }): Promise<LiveHub> {
  const emitter = new EventEmitter().setMaxListeners(0);
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = RECONNECT_FIRST_MS;
  let closed = false;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'matjip-live' });
    next.on('notification', ({ payload }) => {
      for (const message of JSON.parse(payload ?? '[]') as LiveMessage[]) {
        emitter.emit(topicOf(message), message);
        emitter.emit(message.kind, message);
      }
    });
    let gone = false;
    const lost = (error?: Error) => {
      if (gone || closed) return;
      gone = true;
      log.warn({
        message: 'The live connection was lost; open pages follow again when it is back.',
        reason: error?.message,
      });
      next.end().catch(() => {});
      timer = setTimeout(reconnect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, RECONNECT_MAX_MS);
    };
    next.on('error', lost);
    next.on('end', () => lost());
    try {
      await next.connect();
      await next.query(`LISTEN ${LIVE_CHANNEL}`);
    } catch (error) {
      gone = true;
      await next.end().catch(() => {});
      throw error;
    }
    client = next;
    pauseMs = RECONNECT_FIRST_MS;
  }

  function reconnect(): void {
    connect().then(
      () => emitter.emit('gap'),
      () => {
        if (closed) return;
        timer = setTimeout(reconnect, pauseMs);
        pauseMs = Math.min(pauseMs * 2, RECONNECT_MAX_MS);
      },
    );
  }

  await connect();
  const on = (event: string, listener: (message: LiveMessage) => void) => {
    emitter.on(event, listener);
    return () => {
      emitter.off(event, listener);
    };
  };
  return {
    subscribe: on,
    onGap: (listener) => on('gap', listener),
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
