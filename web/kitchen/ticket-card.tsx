import type { Ticket, TicketLine } from '../../src/contract/kitchen.ts';
import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { stationName } from '../shared/language/station-name.ts';
import { ageOf, stepFrom } from './board.ts';
import { clock, station } from './board-state.ts';
import { words } from './change-words.ts';
import { advance, contentsOf, stepBack, tick } from './move-ticket.ts';
import { openOrder } from './panel.ts';
import { Before, Besides } from './ticket-lines.tsx';

/** Tickets of one table and round: what belongs on one tray. */
export function RoundCard({ tickets }: { tickets: readonly Ticket[] }) {
  const [first] = tickets;
  return (
    <li class={`round of-${tickets.length}`}>
      <h3>
        <span>{trayName(first!)}</span>
        <MovedMark ticket={first!} />
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
      <Aged ticket={ticket}>
        <TicketHead ticket={ticket} isInRound={isInRound} />
        <ul class="ticket-lines">
          {ticket.lines.map((line, index) => (
            // The lines of a ticket never change, so their place names them.
            <Line key={`${line.itemId}${index}`} line={line} place={index} ticket={ticket} />
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
          <MoreButton ticket={ticket} />
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

/** Opens the whole order, to see all its stations or to refuse it. */
export function MoreButton({ ticket }: { ticket: Ticket }) {
  return (
    <button
      type="button"
      class="ticket-more"
      aria-label={t('kitchen.more', { number: ticket.number })}
      onClick={(event) => {
        event.stopPropagation();
        openOrder.value = ticket.orderId;
      }}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M5 12h.01M12 12h.01M19 12h.01" />
      </svg>
    </button>
  );
}

export const placeName = ({ table }: Ticket): string =>
  table === null ? t('kitchen.takeout') : t('kitchen.table', { table });

/** Of several tickets together, none of which says so by itself: whose they are, at the counter by the order's number. */
export const trayName = (ticket: Ticket): string =>
  ticket.table === null ? t('kitchen.takeoutOf', { number: ticket.number }) : placeName(ticket);

const Place = ({ ticket }: { ticket: Ticket }) => <span>{placeName(ticket)}</span>;

/** Whoever remembers the old table sees that it is the same order. */
export const MovedMark = ({ ticket: { movedFrom } }: { ticket: Ticket }) =>
  movedFrom === undefined ? null : <span class="ticket-moved">{words('moved', { from: movedFrom })}</span>;

const RoundMark = ({ ticket }: { ticket: Ticket }) =>
  ticket.round > 1 ? <span class="ticket-round">{t('kitchen.round', { count: ticket.round - 1 })}</span> : null;

function TicketHead({ ticket, isInRound }: { ticket: Ticket; isInRound: boolean }) {
  return (
    <div class="ticket-head">
      <span class="ticket-number number">{ticket.number}</span>
      <span class="ticket-where">
        {!isInRound && <Place ticket={ticket} />}
        {!isInRound && <MovedMark ticket={ticket} />}
        {station.value === null && <small>{stationName(ticket.station)}</small>}
      </span>
      {!isInRound && <RoundMark ticket={ticket} />}
      <Age ticket={ticket} />
    </div>
  );
}

interface LineProps {
  line: TicketLine;
  /** Its place on the ticket, from 0. */
  place: number;
  ticket: Ticket;
}

/** A dish. While several are being cooked each is ticked off by itself: a tap on it is then not a tap on the ticket. */
function Line({ line, place, ticket }: LineProps) {
  const isDone = ticket.doneLines.includes(place);
  const canTick = ticket.status === 'cooking' && ticket.lines.length > 1;
  const dish = (
    <>
      <b class={`number ${line.quantity > 1 ? 'many' : ''}`}>
        {line.was !== undefined && (
          <>
            <s>{line.was}</s>{' '}
          </>
        )}
        {line.quantity}
      </b>
      <span>{nameOf(line.name)}</span>
    </>
  );
  return (
    <li class={`${isDone ? 'done' : ''} ${line.was === undefined ? '' : line.quantity === 0 ? 'gone' : 'fewer'}`}>
      {canTick ? (
        <button
          type="button"
          class="line-dish"
          aria-pressed={isDone}
          aria-label={t('kitchen.tick', { number: ticket.number, dish: nameOf(line.name) })}
          onClick={(event) => {
            event.stopPropagation();
            tick(ticket, place);
          }}
        >
          {dish}
        </button>
      ) : (
        <span class="line-dish">{dish}</span>
      )}
      <Before line={line} />
      <Besides line={line} />
      {line.note && <span class="line-note">{line.note}</span>}
    </li>
  );
}

interface AgedProps {
  ticket: Ticket;
  children: preact.ComponentChildren;
}

/** Reads the clock for its colour only, so that a tick draws this frame and not what is in it. */
function Aged({ ticket, children }: AgedProps) {
  return <article class={`ticket ${ticket.status} ${ageOf(ticket, clock.value).level}`}>{children}</article>;
}

function Age({ ticket }: { ticket: Ticket }) {
  const { minutes, level, lateMinutes } = ageOf(ticket, clock.value);
  return (
    <span class="ticket-age number">
      {minutes === 0 ? t('kitchen.justNow') : t('kitchen.age', { count: minutes })}
      {level === 'late' && (
        <small>{lateMinutes > 0 ? t('kitchen.lateBy', { count: lateMinutes }) : t('kitchen.late')}</small>
      )}
    </span>
  );
}
