import type { LiveMessage, Ticket } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { EventStream } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/live-hub.ts';
import { readOpenTickets, readTickets } from './tickets.ts';

/** More open tickets than any board can show; past it the page asks for the list instead. */
const OPEN_TICKETS_MAX = 500;

/**
 * Sends each ticket of a store whenever it changes, and all open ones at the beginning and after a gap. A page keeps
 * the highest version of each, so an event too many does no harm.
 */
export function followKitchen(db: Queryable, live: LiveHub, stream: EventStream, storeId: string): void {
  const sendAll = async (reading: Promise<Ticket[]>): Promise<void> => {
    try {
      for (const ticket of await reading) {
        stream.send('ticket', ticket);
        // One by one: a rush has more tickets than a reader may leave unread, and a party's with notes alone has 40 kB.
        await stream.flushed();
      }
    } catch {
      // The page comes back and reads the list again.
      stream.end();
    }
  };
  const everything = () => sendAll(readOpenTickets(db, storeId, null, OPEN_TICKETS_MAX, null));
  const onTickets = (message: LiveMessage) => {
    if (message.kind === 'tickets') sendAll(readTickets(db, storeId, message.orderIds));
  };
  const unsubscribe = [
    live.subscribe(`tickets ${storeId}`, onTickets),
    live.subscribe(`menu ${storeId}`, () => stream.send('menu', {})),
    live.onGap(everything),
  ];
  stream.onClose(() => {
    for (const end of unsubscribe) end();
  });
  everything();
}
