import type { AdvanceRequest, OrderStatus, Ticket } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { UUID_TEXT } from '../platform/id.ts';
import { learnFromOrder, learnFromTicket } from './pacing/learn-pace.ts';
import type { Announcer, OrderProgress } from './ports.ts';
import { moveTicket, readTickets } from './tickets.ts';

const RANK: Record<OrderStatus, number> = { cancelled: -1, placed: 0, cooking: 1, ready: 2, served: 3 };

/** An order is as far as its slowest station, and it is being cooked as soon as one station has begun. */
export function orderStatusOf(tickets: readonly OrderStatus[]): OrderStatus {
  const slowest = Math.min(...tickets.map((status) => RANK[status]));
  if (slowest >= RANK.served) return 'served';
  if (slowest >= RANK.ready) return 'ready';
  return tickets.some((status) => RANK[status] >= RANK.cooking) ? 'cooking' : 'placed';
}

const TICKET_ID = new RegExp(`^(${UUID_TEXT}):(.{1,40})$`, 'i');

/** `<orderId>:<station>` as it stands in the address. @throws Problem `not-found` */
export function parseTicketId(id: string): { orderId: string; station: string } {
  const match = TICKET_ID.exec(id);
  if (!match) throw noSuchTicket();
  return { orderId: match[1]!.toLowerCase(), station: match[2]! };
}

export const noSuchTicket = (): Problem => new Problem('not-found', { detail: 'There is no such ticket.' });

/**
 * Moves a ticket to another status, forward or back, and its order with it.
 * @throws Problem `stale` with the ticket as it is now, when it has another version or its order was cancelled
 */
export function createAdvanceTicket(db: Db, orders: OrderProgress, announcer: Announcer, now: Clock) {
  return (storeId: string, ticketId: string, { to, version }: AdvanceRequest): Promise<Ticket> =>
    db.transaction(async (tx) => {
      const id = parseTicketId(ticketId);
      const order = await orders.lock(tx, { storeId, id: id.orderId });
      if (!order) throw noSuchTicket();
      const nowMs = now();
      const before = (await readTickets(tx, storeId, [id.orderId])).find((each) => each.station === id.station);
      const moved = order.status !== 'cancelled' && (await moveTicket(tx, storeId, id, to, version, nowMs));
      const tickets = await readTickets(tx, storeId, [id.orderId]);
      const ticket = tickets.find((each) => each.station === id.station);
      if (!ticket) throw noSuchTicket();
      if (!moved) {
        throw new Problem('stale', {
          detail: `It is ${ticket.status} now, version ${ticket.version}.`,
          extra: { ticket },
        });
      }
      const status = orderStatusOf(tickets.map((each) => each.status));
      await order.moveTo(status, nowMs);
      await learnFromTicket(tx, storeId, before ?? ticket, to, nowMs);
      if (status === 'ready' && RANK[order.status] < RANK.ready) {
        await learnFromOrder(tx, storeId, {
          placedAtMs: Date.parse(ticket.placedAt),
          promisedAtMs: order.promisedAtMs,
          nowMs,
        });
      }
      await announcer.announce(tx, [{ kind: 'tickets', storeId, orderIds: [id.orderId] }]);
      return ticket;
    });
}
