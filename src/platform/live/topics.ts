import { EventEmitter } from 'node:events';
import { LiveMessage } from '../../contract/index.ts';
import { createCheck } from '../http/request/validation.ts';
import { throttleLog } from '../telemetry/log-throttle.ts';

/** Hears what any process announced and hands it to whoever subscribed in this one. */
export interface LiveHub {
  /**
   * @param listener what it throws, at once or later, is counted and logged and keeps nobody else from hearing
   * @returns ends the subscription
   */
  subscribe(topic: string, listener: (message: LiveMessage) => unknown): () => void;
  /** Called when announcements may have been missed, so that whoever watches reads the truth again. */
  onGap(listener: () => unknown): () => void;
  close(): Promise<void>;
}

/** Told of what a hub could not do, and must not end a process for. */
export interface LiveWatch {
  /** Something was heard that is no message of this version. */
  notUnderstood(reason: string): void;
  /** A listener failed. */
  failed(error: unknown): void;
  /** The connection was lost, or was silent for too long. */
  lost(reason: string): void;
}

export interface LiveCounts {
  notUnderstood(): void;
  failed(): void;
  lost(): void;
}

/** Each in the log at most so often; the metrics count all of them. */
const SAY_EVERY_MS = 60_000;

/** Counts, and writes a line once in a while. */
export function watchLive(counts: LiveCounts, log: { warn(details: object): void }): LiveWatch {
  const sayNotUnderstood = throttleLog(SAY_EVERY_MS);
  const sayFailed = throttleLog(SAY_EVERY_MS);
  return {
    notUnderstood(reason) {
      counts.notUnderstood();
      sayNotUnderstood((times) =>
        log.warn({ message: 'Live messages were ignored: another version runs, or a stranger speaks.', reason, times }),
      );
    },
    failed(error) {
      counts.failed();
      sayFailed((times) =>
        log.warn({ message: 'A page could not follow a change; it reads again later.', reason: String(error), times }),
      );
    },
    lost(reason) {
      counts.lost();
      log.warn({ message: 'The live connection was lost; open pages follow again when it is back.', reason });
    },
  };
}

/**
 * What a message is about. Each is heard under its kind (`menu`), under kind and store (`menu <store>`), and an order's
 * also under store and order (`order <store> <id>`), as are those of a table that was moved: ids are made by clients, so two stores may have the same.
 */
export const topicsOf = (message: LiveMessage): string[] => [
  message.kind,
  `${message.kind} ${message.storeId}`,
  ...(message.kind === 'moved' || message.kind === 'changed'
    ? message.orderIds.map((id) => `order ${message.storeId} ${id}`)
    : []),
  ...(message.kind === 'order' ? [`order ${message.storeId} ${message.event.orderId}`] : []),
];

const isLiveMessage = createCheck(LiveMessage);
const GAP = Symbol('gap');
const SILENT: LiveWatch = { notUnderstood() {}, failed() {}, lost() {} };

/** The part of a hub that is the same however the messages come. */
export function createTopics(watch: LiveWatch = SILENT) {
  const emitter = new EventEmitter().setMaxListeners(0);
  const on = (event: string | symbol, listener: (message: LiveMessage) => unknown) => {
    emitter.on(event, listener);
    return () => {
      emitter.off(event, listener);
    };
  };
  /** One after another and each for itself: a listener that throws is no reason for the next not to hear. */
  function tell(event: string | symbol, message?: LiveMessage): void {
    for (const listener of emitter.listeners(event)) {
      try {
        const work: unknown = listener(message);
        if (work instanceof Promise) work.catch(watch.failed);
      } catch (error) {
        watch.failed(error);
      }
    }
  }
  return {
    subscribe: on,
    onGap: (listener: () => unknown) => on(GAP, listener),
    /** @param pack a list of messages as JSON; whatever else it may be is counted and ignored */
    hear(pack: string): void {
      for (const message of listIn(pack, watch)) {
        if (isLiveMessage(message)) for (const topic of topicsOf(message)) tell(topic, message);
        else watch.notUnderstood(`a message has another shape: ${JSON.stringify(message)?.slice(0, 80)}`);
      }
    },
    gap: () => tell(GAP),
  };
}

function listIn(pack: string, watch: LiveWatch): readonly unknown[] {
  try {
    const messages: unknown = JSON.parse(pack);
    if (Array.isArray(messages)) return messages;
    watch.notUnderstood('it is no list of messages');
  } catch {
    watch.notUnderstood('it is no JSON');
  }
  return [];
}
