import { LINES_MAX, type Ticket } from '../contract/index.ts';
import type { Db } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { noSuchTicket, parseTicketId } from './advance-ticket.ts';
import type { Announcer } from './ports.ts';
import { readTickets, tickLine } from './tickets.ts';

/**
 * Ticks a line of a ticket off as done, or takes that back, for all screens. It needs no version: two cooks who tick different
 * lines both mean it, and the same tick twice is one.
 * @throws Problem `not-found`; `invalid` for a line that the ticket does not have; `stale` with the ticket as it is now, when it
 * was served or cancelled
 */
export function createTickLine(db: Db, announcer: Announcer) {
  return (storeId: string, ticketId: string, lineText: string, done: boolean): Promise<Ticket> =>
    db.transaction(async (tx) => {
      const id = parseTicketId(ticketId);
      const line = Number(lineText);
      const isLine = /^\d{1,3}$/.test(lineText) && line < LINES_MAX;
      const changed = isLine && (await tickLine(tx, storeId, id, line, done));
      const ticket = (await readTickets(tx, storeId, [id.orderId])).find(({ station }) => station === id.station);
      if (!ticket) throw noSuchTicket();
      if (!isLine || line >= ticket.lines.length) {
        throw invalidField('line', 'is no line of this ticket', `0 to ${ticket.lines.length - 1}`);
      }
      if (changed) await announcer.announce(tx, [{ kind: 'tickets', storeId, orderIds: [id.orderId] }]);
      else if (ticket.doneLines.includes(line) !== done) {
        throw new Problem('stale', { detail: `It is ${ticket.status} now.`, extra: { ticket } });
      }
      return ticket;
    });
}
