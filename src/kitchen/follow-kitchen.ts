import type { LiveMessage, Ticket } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { EventStream } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/live-hub.ts';
import { readOpenTickets, readTickets } from './tickets.ts';

/** More open tickets than any board can show; past it the page asks for the list instead. */
const OPEN_TICKETS_MAX = 500;
/** A rush has more open tickets than a reader may leave unread, so a stream that opens then gets them bit by bit. */
const TICKETS_AT_ONCE = 10;

/**
 * Sends each ticket of a store whenever it changes, and all open ones at the beginning and after a gap. A page keeps
 * the highest version of each, so an event too many does no harm.
 */
export function followKitchen(db: Queryable, live: LiveHub, stream: EventStream, storeId: string): void {
  const sendAll = async (reading: Promise<Ticket[]>): Promise<void> => {
    try {
      for (const [index, ticket] of (await reading).entries()) {
        stream.send('ticket', ticket);
        if (index % TICKETS_AT_ONCE === TICKETS_AT_ONCE - 1) await stream.flushed();
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
