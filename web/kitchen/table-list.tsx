import type { Ticket } from '../../src/contract/kitchen.ts';
import { t } from '../shared/language/house-words.ts';
import { stationName } from '../shared/language/station-name.ts';
import { ageOf, stepFrom, type Tray } from './board.ts';
import { clock, trays } from './board-state.ts';
import { advance } from './move-ticket.ts';
import { MoreButton, MovedMark, trayName } from './ticket-card.tsx';
import { TicketLines } from './ticket-lines.tsx';

/** One list a table over all stations: whoever carries the tray sees what it still waits for. */
export function TableList() {
  return (
    <section class="tables" aria-label={t('kitchen.byTable')}>
      <h2 class="visually-hidden">{t('kitchen.byTable')}</h2>
      <ul>
        {trays.value.map((tray) => (
          <TrayCard key={tray.id} tray={tray} />
        ))}
      </ul>
      {trays.value.length === 0 && <p class="lane-empty">{t('kitchen.empty')}</p>}
    </section>
  );
}

function TrayCard({ tray: { tickets, ready, count } }: { tray: Tray }) {
  const [first] = tickets;
  const levels = tickets.map((ticket) => ageOf(ticket, clock.value).level);
  const level = (['late', 'ageing'] as const).find((each) => levels.includes(each)) ?? 'fresh';
  return (
    <li class={`tray ${level} ${ready === count ? 'all-ready' : ''}`}>
      <h3>
        <span>
          {trayName(first!)} <MovedMark ticket={first!} />
        </span>
        <span class="tray-ready">{t('kitchen.someReady', { ready, count })}</span>
      </h3>
      <ul>
        {tickets.map((ticket) => (
          <TrayTicket key={ticket.id} ticket={ticket} />
        ))}
      </ul>
    </li>
  );
}

function TrayTicket({ ticket }: { ticket: Ticket }) {
  const to = stepFrom(ticket.status, 1);
  return (
    <li class={ticket.status}>
      <p class="tray-station">
        <b class="number">{ticket.number}</b> {stationName(ticket.station)}
        <span class={`badge ${ticket.status}`}>{t(`kitchen.status.${ticket.status}`)}</span>
      </p>
      <TicketLines ticket={ticket} />
      {to && to !== 'placed' && (
        <p class="tray-foot">
          <MoreButton ticket={ticket} />
          <button
            type="button"
            class="tool"
            aria-label={`${ticket.number} ${stationName(ticket.station)} ${t(`kitchen.to.${to}`)}`}
            onClick={(event) => advance(ticket, event)}
          >
            {t(`kitchen.to.${to}`)}
          </button>
        </p>
      )}
    </li>
  );
}
