import type { LiveMessage, OrderEvent } from '../contract/index.ts';
import type { EventStream } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import type { OrderRef } from './ports.ts';
import type { createSharedEvents } from './snapshot-cache.ts';

/**
 * Sends an order's events from after `afterSeq`, first those in the database, then those announced, without a gap or
 * a double: an announced event is sent only when it is the very next one, and otherwise the database is asked again.
 */
export function followOrder(
  readEvents: ReturnType<typeof createSharedEvents>,
  live: LiveHub,
  stream: EventStream,
  ref: OrderRef,
  afterSeq: number,
): void {
  let sentSeq = afterSeq;
  let reading: Promise<void> | undefined;
  let again = false;

  const send = (event: OrderEvent) => {
    if (event.seq <= sentSeq || stream.closed) return;
    sentSeq = event.seq;
    stream.send('status', event, event.seq);
  };

  function catchUp(): void {
    if (reading) {
      again = true;
      return;
    }
    reading = readEvents({ ref, afterSeq: sentSeq })
      .then((events) => {
        for (const event of events) send(event);
      })
      // The reader comes back with Last-Event-ID and asks again.
      .catch(() => stream.end())
      .finally(() => {
        reading = undefined;
        if (again && !stream.closed) {
          again = false;
          catchUp();
        }
      });
  }

  const onMessage = (message: LiveMessage) => {
    // Only that it is so: what else an order is, whoever follows it reads.
    if (message.kind === 'moved' && !stream.closed) stream.send('table', { table: message.table });
    if (message.kind === 'changed' && !stream.closed) stream.send('changed', {});
    if (message.kind !== 'order') return;
    if (message.event.seq === sentSeq + 1 && !reading) send(message.event);
    else catchUp();
  };
  const unsubscribe = [live.subscribe(`order ${ref.storeId} ${ref.id}`, onMessage), live.onGap(catchUp)];
  stream.onClose(() => {
    for (const end of unsubscribe) end();
  });
  catchUp();
}
