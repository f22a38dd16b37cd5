import type { LiveMessage, Ticket } from '../contract/index.ts';
import type { EventStream } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import type { TicketReads } from './ticket-reads.ts';
import { placeOf, type TicketPlace } from './tickets.ts';

/** Read at once; a kitchen that has more open gets them page by page, to the last. A page of a party's orders has 8 MB. */
const PAGE_SIZE = 200;

/**
 * Sends each ticket of a store whenever it changes, and all open ones at the beginning and after a gap. A page keeps
 * the highest version of each, so an event too many does no harm.
 */
export function followKitchen(reads: TicketReads, live: LiveHub, stream: EventStream, storeId: string): void {
  const sendAll = async (tickets: readonly Ticket[]): Promise<void> => {
    for (const ticket of tickets) {
      stream.send('ticket', ticket);
      // One by one: a rush has more tickets than a reader may leave unread, and a party's with notes alone has 40 kB.
      await stream.flushed();
    }
  };
  const everything = async (): Promise<void> => {
    for (let after: TicketPlace | null = null; !stream.closed; ) {
      const found: Ticket[] = await reads.open({ storeId, station: null, limit: PAGE_SIZE, after });
      const page = found.slice(0, PAGE_SIZE);
      await sendAll(page);
      if (found.length <= PAGE_SIZE) return;
      after = placeOf(page.at(-1)!);
    }
  };
  // The page comes back and reads the list again.
  const orEnd = (work: Promise<void>): void => void work.catch(() => stream.end());
  const onTickets = (message: LiveMessage) => {
    if (message.kind === 'tickets') orEnd(reads.told(message).then(sendAll));
  };
  const unsubscribe = [
    live.subscribe(`tickets ${storeId}`, onTickets),
    live.subscribe(`menu ${storeId}`, () => stream.send('menu', {})),
    live.subscribe(`calls ${storeId}`, () => stream.send('calls', {})),
    live.onGap(() => orEnd(everything())),
  ];
  stream.onClose(() => {
    for (const end of unsubscribe) end();
  });
  orEnd(everything());
}
