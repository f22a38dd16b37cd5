import { useEffect, useRef, useState } from 'preact/hooks';
import { splitEvenly } from '../../../src/contract/bill-rules.ts';
import { formatMoney } from '../../../src/contract/money.ts';
import type { PaymentOffer, PaymentView } from '../../../src/contract/payment.ts';
import { language, timeOf } from '../../shared/language/i18n.ts';
import { store } from '../menu/menu-state.ts';
import { findOrder, type KnownOrder } from '../order/orders-state.ts';
import { isPaidFirst } from '../order/paid-first.ts';
import { ask, busy, offered, pay, readOffer } from './pay-state.ts';
import { words } from './pay-words.ts';

/** Whoever comes back from the provider knows within this whether it was paid, also when the provider tells nobody. */
const ASK_EVERY_MS = 3_000;
const PEOPLE_MAX = 30;

/**
 * Pays the bill that an order is on by phone: all of it, one's own order, or a share.
 * @param version of the bill: what can be paid is asked anew when it changes
 * @param charged what the whole bill comes to, whoever has paid of it: shares are of that
 */
export function Pay({
  id,
  version,
  table,
  charged,
}: {
  id: string;
  version: number;
  table: string | null;
  charged: number;
}) {
  const known = findOrder(id);
  useEffect(() => {
    if (known) void readOffer(known).catch(() => {});
  }, [id, version]);
  useEffect(
    () => () => {
      offered.value = null;
      isPaidFirst.value = false;
    },
    [id],
  );
  const offer = offered.value;
  const open = offer?.items.find(({ state }) => state === 'open');
  useEffect(() => {
    if (!known || !open) return;
    const look = () => {
      if (document.visibilityState === 'visible') void ask(known, open.id);
    };
    look();
    const timer = setInterval(look, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [open?.id]);
  const latest = offer?.items[0];
  const section = useRef<HTMLElement>(null);
  // What became of the payment is what whoever comes back wants to know, and it stands below the order.
  const isToSee = latest !== undefined && (latest.state === 'open' || new URLSearchParams(location.search).has('pay'));
  useEffect(() => {
    if (isToSee) section.current?.scrollIntoView({ block: 'center' });
  }, [isToSee]);
  if (!known || !offer?.isOpen) return null;
  if (offer.due <= 0 && !latest) return null;
  return (
    <section ref={section} class="pay" aria-label={words('title')}>
      <h3>{words('title')}</h3>
      {offer.payBy && offer.due > 0 && <p>{words('payBy', { time: timeOf(offer.payBy, store.value?.timeZone) })}</p>}
      {latest && <Latest known={known} payment={latest} />}
      {offer.due > 0 && !open && <Choose known={known} offer={offer} table={table} charged={charged} />}
    </section>
  );
}

/** What became of the payment that was begun last. */
function Latest({ known, payment }: { known: KnownOrder; payment: PaymentView }) {
  const money = (amount: number) => formatMoney(amount, payment.currency, language.value);
  if (payment.state !== 'open') {
    return (
      <p role="status">
        {words(payment.state, { amount: money(payment.amount) })}
        {payment.returned > 0 && ` ${words('returned', { amount: money(payment.returned) })}`}
      </p>
    );
  }
  return (
    <>
      <p role="status">
        {words('open', { amount: money(payment.amount) })} {words('asking')}
      </p>
      {payment.payUrl && (
        <a class="button primary wide" href={payment.payUrl}>
          {words('goOn')}
        </a>
      )}
      <button type="button" class="button quiet wide" onClick={() => void ask(known, payment.id, 'DELETE')}>
        {words('giveUp')}
      </button>
    </>
  );
}

interface ChooseProps {
  known: KnownOrder;
  offer: PaymentOffer;
  table: string | null;
  charged: number;
}

function Choose({ known, offer, table, charged }: ChooseProps) {
  const [how, setHow] = useState<'all' | 'mine' | 'people'>('all');
  const [people, setPeople] = useState(2);
  const { payable, underway, currency } = offer;
  const money = (amount: number) => formatMoney(amount, currency, language.value);
  if (payable === 0) return <p role="status">{words('allUnderway')}</p>;
  // Whoever pays first pays what does not divide; the others pay an even part, each as long as there is so much.
  const { parts } = splitEvenly(charged, people, currency);
  const share = Math.min(parts[offer.due < charged ? 1 : 0]!, payable);
  const amounts = { all: payable, mine: Math.min(known.order.total, payable), people: share };
  const ways = table === null ? (['all'] as const) : (['all', 'mine', 'people'] as const);
  return (
    <>
      {underway > 0 && <p>{words('underway', { amount: money(underway) })}</p>}
      {ways.length > 1 && (
        <fieldset class="options">
          <legend>{words('what')}</legend>
          {ways.map((way) => (
            <label key={way} class="option">
              <input type="radio" name="pay-how" checked={how === way} onChange={() => setHow(way)} />
              <span>
                {words(way)}
                {way === 'people' && <small> {words('share', { count: people })}</small>}
              </span>
              <span class="number">{money(amounts[way])}</span>
            </label>
          ))}
        </fieldset>
      )}
      {how === 'people' && (
        <fieldset class="stepper" aria-label={words('peopleCount')}>
          <button
            type="button"
            aria-label={words('fewer')}
            disabled={people <= 2}
            onClick={() => setPeople(people - 1)}
          >
            −
          </button>
          <output class="number">{people}</output>
          <button
            type="button"
            aria-label={words('more')}
            disabled={people >= PEOPLE_MAX}
            onClick={() => setPeople(people + 1)}
          >
            +
          </button>
        </fieldset>
      )}
      <button
        type="button"
        class="button primary wide"
        disabled={busy.value}
        onClick={() => void pay(known, amounts[how])}
      >
        {words('pay', { amount: money(amounts[how]) })}
      </button>
    </>
  );
}
