import { attributesForStation } from '../../src/contract/dish-attributes.ts';
import type { Ticket, TicketLine } from '../../src/contract/kitchen.ts';
import { nameOf, wordOf } from '../shared/language/i18n.ts';
import { words } from './change-words.ts';

/** What of a line stands below its dish: how it always is, and then, loud, what its guest chose. */
export function Besides({ line: { attributes, options } }: { line: TicketLine }) {
  const always = attributesForStation(attributes).map(({ label, value }) => `${wordOf(label)} ${wordOf(value)}`);
  return (
    <>
      {always.length > 0 && <span class="line-always">{always.join(' · ')}</span>}
      {options.length > 0 && <span class="line-options">{options.map(nameOf).join(' · ')}</span>}
    </>
  );
}

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
          <Besides line={line} />
          {line.note && <small class="note">{line.note}</small>}
        </li>
      ))}
    </ul>
  );
}
