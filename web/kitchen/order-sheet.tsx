import { useState } from 'preact/hooks';
import { CANCEL_REASONS } from '../../src/contract/cancel-reasons.ts';
import type { Ticket } from '../../src/contract/kitchen.ts';
import type { CancelReason } from '../../src/contract/order.ts';
import { t } from '../shared/language/house-words.ts';
import { timeOf } from '../shared/language/i18n.ts';
import { stationName } from '../shared/language/station-name.ts';
import { Sheet } from '../shared/parts/sheet.tsx';
import { store, ticketsOf } from './board-state.ts';
import { openOrder } from './panel.ts';
import { refuseOrder } from './refuse-order.ts';
import { placeName } from './ticket-card.tsx';
import { TicketLines } from './ticket-lines.tsx';

const close = () => {
  openOrder.value = null;
};

/** One order over all its stations: how far each is, and the way to refuse it. */
export function OrderSheet({ orderId }: { orderId: string }) {
  const tickets = ticketsOf(orderId);
  const [first] = tickets;
  if (!first) return null;
  const isOpen = tickets.some(({ status }) => status !== 'served' && status !== 'cancelled');
  const ready = tickets.filter(({ status }) => status === 'ready' || status === 'served').length;
  const title = `${first.number} · ${placeName(first)}`;
  return (
    <Sheet
      label={title}
      title={
        <>
          {title} <small>{t('kitchen.someReady', { ready, count: tickets.length })}</small>
        </>
      }
      onClose={close}
      full
      class="order-sheet"
    >
      {first.promisedAt && (
        <p class="order-promise">{t('kitchen.promised', { time: timeOf(first.promisedAt, store.value?.timeZone) })}</p>
      )}
      <ul class="order-stations">
        {tickets.map((ticket) => (
          <StationPart key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      {isOpen && <Refuse ticket={first} isBegun={tickets.some(({ status }) => status !== 'placed')} />}
    </Sheet>
  );
}

function StationPart({ ticket }: { ticket: Ticket }) {
  return (
    <li>
      <h3>
        {stationName(ticket.station)}{' '}
        <span class={`badge ${ticket.status}`}>{t(`kitchen.status.${ticket.status}`)}</span>
      </h3>
      <TicketLines ticket={ticket} />
    </li>
  );
}

/** Why, and whether what it would have taken can be sold again. What is on the stove is waste unless somebody says otherwise. */
function Refuse({ ticket, isBegun }: { ticket: Ticket; isBegun: boolean }) {
  const [reason, setReason] = useState<CancelReason | null>(null);
  const [returns, setReturns] = useState<boolean | null>(null);
  const [busy, setBusy] = useState(false);
  // What is gone cannot be sold again, and what was begun is waste.
  const returnPortions = returns ?? (reason !== 'sold-out' && !isBegun);
  async function refuse() {
    if (!reason) return;
    setBusy(true);
    if (await refuseOrder({ orderId: ticket.orderId, number: ticket.number, reason, returnPortions })) close();
    else setBusy(false);
  }
  return (
    <section class="refuse" aria-label={t('kitchen.refuse')}>
      <h3>{t('kitchen.refuse')}</h3>
      <p>{t('kitchen.refuseHelp')}</p>
      <fieldset>
        <legend>{t('kitchen.refuseWhy')}</legend>
        {CANCEL_REASONS.map((each) => (
          <label key={each}>
            <input type="radio" name="reason" checked={reason === each} onChange={() => setReason(each)} />
            <span>{t(`refuse.${each}`)}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('kitchen.portions')}</legend>
        {[true, false].map((each) => (
          <label key={String(each)}>
            <input type="radio" name="portions" checked={returnPortions === each} onChange={() => setReturns(each)} />
            <span>{t(each ? 'kitchen.portionsReturn' : 'kitchen.portionsWaste')}</span>
          </label>
        ))}
      </fieldset>
      <button type="button" class="button danger wide" disabled={!reason || busy} onClick={() => void refuse()}>
        {t('kitchen.refuseYes', { number: ticket.number })}
      </button>
    </section>
  );
}
