import { attributesSaid } from '../../src/contract/dish-attributes.ts';
import type { Ticket, TicketLine } from '../../src/contract/kitchen.ts';
import { nameOf, wordOf } from '../shared/i18n.ts';
import { words } from './change-words.ts';

/** What of a line stands below its dish: attributes that are the kitchen's business, then what its guest chose. */
export const besides = ({ attributes, options }: TicketLine): string =>
  [
    ...attributesSaid(attributes, 'kitchen').map(({ label, value }) => `${wordOf(label)} ${wordOf(value)}`),
    ...options.map(nameOf),
  ].join(' · ');

/** How it was to be made when it was ordered, where staff have changed that since. */
export function Before({ line: { before } }: { line: TicketLine }) {
  if (!before) return null;
  const was = [...before.options.map(nameOf), ...(before.note ? [before.note] : [])].join(' · ');
  return (
    <span class="line-before">
      <b>{words('changed')}</b> {was && <s>{was}</s>}
    </span>
  );
}

/** What a ticket asks for, to be read; what is ticked off is struck through. */
export function TicketLines({ ticket }: { ticket: Ticket }) {
  return (
    <ul>
      {ticket.lines.map((line, place) => (
        // The lines of a ticket never change, so their place names them.
        <li
          key={`${line.itemId}${place}`}
          class={`${ticket.doneLines.includes(place) ? 'done' : ''} ${line.quantity === 0 ? 'gone' : ''}`}
        >
          <b class="number">
            {line.was !== undefined && <s>{line.was}</s>} {line.quantity}
          </b>{' '}
          {nameOf(line.name)}
          <Before line={line} />
          {besides(line) && <small>{besides(line)}</small>}
          {line.note && <small class="note">{line.note}</small>}
        </li>
      ))}
    </ul>
  );
}
