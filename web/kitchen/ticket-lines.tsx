import type { Ticket } from '../../src/contract/kitchen.ts';
import { nameOf } from '../shared/i18n.ts';

/** What a ticket asks for, to be read; what is ticked off is struck through. */
export function TicketLines({ ticket }: { ticket: Ticket }) {
  return (
    <ul>
      {ticket.lines.map((line, place) => (
        // The lines of a ticket never change, so their place names them.
        <li key={`${line.itemId}${place}`} class={ticket.doneLines.includes(place) ? 'done' : ''}>
          <b class="number">{line.quantity}</b> {nameOf(line.name)}
          {line.options.length > 0 && <small>{line.options.map(nameOf).join(' · ')}</small>}
          {line.note && <small class="note">{line.note}</small>}
        </li>
      ))}
    </ul>
  );
}
