import type { Ticket, TicketLine } from '../../src/contract/kitchen.ts';
import { nameOf, t } from '../shared/i18n.ts';
import { stationName } from '../shared/station-name.ts';
import { ageOf, stepFrom } from './board.ts';
import { clock, station } from './board-state.ts';
import { advance, contentsOf, stepBack } from './move-ticket.ts';

/** Tickets of one table and round: what belongs on one tray. */
export function RoundCard({ tickets }: { tickets: readonly Ticket[] }) {
  const [first] = tickets;
  return (
    <li class="round">
      <h3>
        <Place ticket={first!} />
        <RoundMark ticket={first!} />
      </h3>
      <ul>
        {tickets.map((ticket) => (
          <TicketCard key={ticket.id} ticket={ticket} isInRound />
        ))}
      </ul>
    </li>
  );
}

/** One ticket. A tap anywhere moves it on; the button says so to keyboards and screen readers. */
export function TicketCard({ ticket, isInRound = false }: { ticket: Ticket; isInRound?: boolean }) {
  const to = stepFrom(ticket.status, 1);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keyboards have the button inside; the card is a bigger target for a wet finger
    <li class="ticket-place" onClick={(event) => advance(ticket, event)}>
      <Aged placedAt={ticket.placedAt} status={ticket.status}>
        <TicketHead ticket={ticket} isInRound={isInRound} />
        <ul class="ticket-lines">
          {ticket.lines.map((line, index) => (
            // The lines of a ticket never change, so their place names them.
            <Line key={`${line.itemId}${index}`} line={line} />
          ))}
        </ul>
        <div class="ticket-foot">
          {ticket.status !== 'placed' && (
            <button
              type="button"
              class="ticket-back"
              aria-label={`${ticket.number} ${t('kitchen.stepBack')}`}
              onClick={(event) => {
                event.stopPropagation();
                stepBack(ticket);
              }}
            >
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M9 7L4 12l5 5M4 12h10a6 6 0 0 1 0 12" transform="translate(0 -3)" />
              </svg>
            </button>
          )}
          {to && to !== 'placed' && (
            <button
              type="button"
              class="ticket-next"
              aria-label={`${ticket.number} ${t(`kitchen.to.${to}`)}: ${contentsOf(ticket)}`}
              onClick={(event) => {
                event.stopPropagation();
                advance(ticket, event);
              }}
            >
              {t(`kitchen.to.${to}`)}
            </button>
          )}
        </div>
      </Aged>
    </li>
  );
}

const Place = ({ ticket }: { ticket: Ticket }) => (
  <span>{ticket.table === null ? t('kitchen.takeout') : t('kitchen.table', { table: ticket.table })}</span>
);

const RoundMark = ({ ticket }: { ticket: Ticket }) =>
  ticket.round > 1 ? <span class="ticket-round">{t('kitchen.round', { count: ticket.round - 1 })}</span> : null;

function TicketHead({ ticket, isInRound }: { ticket: Ticket; isInRound: boolean }) {
  return (
    <div class="ticket-head">
      <span class="ticket-number number">{ticket.number}</span>
      <span class="ticket-where">
        {!isInRound && <Place ticket={ticket} />}
        {station.value === null && <small>{stationName(ticket.station)}</small>}
      </span>
      {!isInRound && <RoundMark ticket={ticket} />}
      <Age placedAt={ticket.placedAt} />
    </div>
  );
}

function Line({ line }: { line: TicketLine }) {
  return (
    <li>
      <span class="line-dish">
        <b class={`number ${line.quantity > 1 ? 'many' : ''}`}>{line.quantity}</b>
        <span>{nameOf(line.name)}</span>
      </span>
      {line.options.length > 0 && <span class="line-options">{line.options.map(nameOf).join(' · ')}</span>}
      {line.note && <span class="line-note">{line.note}</span>}
    </li>
  );
}

interface AgedProps {
  placedAt: string;
  status: Ticket['status'];
  children: preact.ComponentChildren;
}

/** Reads the clock for its colour only, so that a tick draws this frame and not what is in it. */
function Aged({ placedAt, status, children }: AgedProps) {
  return <article class={`ticket ${status} ${ageOf(placedAt, clock.value).level}`}>{children}</article>;
}

function Age({ placedAt }: { placedAt: string }) {
  const { minutes, level } = ageOf(placedAt, clock.value);
  return (
    <span class="ticket-age number">
      {minutes === 0 ? t('kitchen.justNow') : t('kitchen.age', { count: minutes })}
      {level === 'late' && <small>{t('kitchen.late')}</small>}
    </span>
  );
}
