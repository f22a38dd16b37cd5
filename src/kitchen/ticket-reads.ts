import type { LiveMessage, Ticket } from '../contract/index.ts';
import { createSingleFlight } from '../platform/concurrency/single-flight.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { readOpenTickets, readServedTickets, readTickets, type TicketPlace } from './tickets.ts';

type TicketsMessage = Extract<LiveMessage, { kind: 'tickets' }>;

/** Which part of a store's open tickets. */
export interface OpenTicketsAsked {
  readonly storeId: string;
  readonly station: string | null;
  readonly limit: number;
  readonly after: TicketPlace | null;
}

/**
 * How the screens of a process read tickets. Those that want the same share the question, and the very same tickets: after a gap a
 * thousand screens of a store are two questions and not a thousand in front of everybody's.
 */
export interface TicketReads {
  open(asked: OpenTicketsAsked): Promise<Ticket[]>;
  /** Those that were served last. */
  served(storeId: string, station: string | null): Promise<Ticket[]>;
  /** The tickets that a message is about, read once for all who heard it. */
  told(message: TicketsMessage): Promise<Ticket[]>;
}

export function createTicketReads(db: Queryable): TicketReads {
  const open = createSingleFlight((key) => {
    const { storeId, station, limit, after } = JSON.parse(key) as OpenTicketsAsked;
    return readOpenTickets(db, storeId, station, limit, after);
  });
  const served = createSingleFlight((key) => {
    const [storeId, station] = JSON.parse(key) as [string, string | null];
    return readServedTickets(db, storeId, station);
  });
  const told = new WeakMap<TicketsMessage, Promise<Ticket[]>>();
  return {
    open: ({ storeId, station, limit, after }) => open(JSON.stringify({ storeId, station, limit, after })),
    served: (storeId, station) => served(JSON.stringify([storeId, station])),
    told(message) {
      const known = told.get(message);
      if (known) return known;
      const reading = readTickets(db, message.storeId, message.orderIds);
      told.set(message, reading);
      return reading;
    },
  };
}
