import { EventEmitter } from 'node:events';
import type { LiveMessage } from '../../contract/index.ts';

/** Hears what any process announced and hands it to whoever subscribed in this one. */
export interface LiveHub {
  /** @returns ends the subscription */
  subscribe(topic: string, listener: (message: LiveMessage) => void): () => void;
  /** Called when announcements may have been missed, so that whoever watches reads the truth again. */
  onGap(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * What a message is about. Each is heard under its kind (`menu`), under kind and store (`menu <store>`), and an order's
 * also under the order (`order <id>`).
 */
export const topicsOf = (message: LiveMessage): string[] => [
  message.kind,
  `${message.kind} ${message.storeId}`,
  ...(message.kind === 'order' ? [`order ${message.event.orderId}`] : []),
];

/** The part of a hub that is the same however the messages come. */
export function createTopics() {
  const emitter = new EventEmitter().setMaxListeners(0);
  const on = (event: string, listener: (message: LiveMessage) => void) => {
    emitter.on(event, listener);
    return () => {
      emitter.off(event, listener);
    };
  };
  return {
    subscribe: on,
    onGap: (listener: () => void) => on('gap', listener),
    /** @param pack a list of messages as JSON */
    hear(pack: string): void {
      for (const message of JSON.parse(pack) as LiveMessage[]) {
        for (const topic of topicsOf(message)) emitter.emit(topic, message);
      }
    },
    gap(): void {
      emitter.emit('gap');
    },
  };
}
