import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { formatMoney } from '../../../src/contract/money.ts';
import type { OrderView } from '../../../src/contract/order.ts';
import { language, nameOf, t, timeOf } from '../../shared/language/i18n.ts';
import { late } from '../../shared/page/late-script.ts';
import { say } from '../../shared/parts/notice.tsx';
import { Sheet } from '../../shared/parts/sheet.tsx';
import { serverNowMs } from '../../shared/server/clock.ts';
import { ApiProblem } from '../../shared/server/problem.ts';
import { uuidV7 } from '../../shared/server/uuid.ts';
import { orderAgain } from '../cart/cart.ts';
import { cart, setCart } from '../cart/cart-state.ts';
import { menu, store } from '../menu/menu-state.ts';
import { close, replace } from '../route.ts';
import { orders } from './orders-state.ts';
import { isPaidFirst } from './paid-first.ts';
import { StatusSteps } from './status-steps.tsx';
import { cancelOrder, watching } from './watch-orders.ts';

/** Loaded by whoever wants to see it: nobody else's page grows by it, and no server reads a bill for nobody. */
const tableBill = signal<typeof import('../table/table-bill.tsx').TableBill | undefined>(undefined);

function Bill({ id, isAsked }: { id: string; isAsked: boolean }) {
  const [isOpen, setOpen] = useState(false);
  // The kitchen waits for the money, or the guest comes back from paying it.
  useEffect(() => {
    if (isAsked) void show();
  }, [isAsked]);
  const Loaded = tableBill.value;
  if (isOpen && Loaded) return <Loaded id={id} />;
  async function show() {
    setOpen(true);
    try {
      tableBill.value ??= (await late(() => import('../table/table-bill.tsx'))).TableBill;
    } catch {
      setOpen(false);
      say(t('error.network'), 'problem');
    }
  }
  return (
    <button type="button" class="button wide" onClick={() => void show()}>
      {t('order.bill')}
    </button>
  );
}

/** One order of this phone: its number to listen for, how far it is, when it comes. */
export function OrderSheet({ id }: { id: string }) {
  const order = orders.value.find((known) => known.order.id === id)?.order;
  if (!order) {
    return (
      <Sheet label={t('order.title')} title={t('order.title')} onClose={close} full>
        <p class="empty">{t('order.missing')}</p>
      </Sheet>
    );
  }
  return (
    <Sheet
      label={t('order.title')}
      title={t('order.title')}
      onClose={close}
      full
      footer={
        <button type="button" class="button primary wide" onClick={close}>
          {t('order.more')}
        </button>
      }
    >
      <section class={`order-status ${order.status}`}>
        <p>{t('order.number')}</p>
        <p class="order-number number">{order.number}</p>
        <p class="order-say" role="status">
          {t(isHeld(order) && !isPaidFirst.value ? 'say.unpaid' : `say.${order.status}`)}
        </p>
        <p>{order.cancelReason ? t(`cancelled.${order.cancelReason}`) : promise(order)}</p>
      </section>
      {order.status !== 'cancelled' && <StatusSteps status={order.status} />}
      <LiveHint id={id} />
      <Lines order={order} />
      <Bill id={id} key={id} isAsked={isToPay(order)} />
      <button type="button" class="button wide" onClick={() => again(order)}>
        {t('order.again')}
      </button>
      {order.status === 'placed' && <Cancel id={id} />}
    </Sheet>
  );
}

/** The kitchen sees it once it is paid. */
const isHeld = ({ status, table }: OrderView): boolean =>
  status === 'placed' && table === null && store.value?.payFirst === true;

const isToPay = (order: OrderView): boolean => /[?&]pay=/.test(location.search) || isHeld(order);

/** The same once more; what cannot be had now is said. */
function again(order: OrderView): void {
  if (!menu.value) return;
  const { lines, leftOut } = orderAgain(menu.value, cart.value, order.lines, () => uuidV7(Date.now()));
  if (leftOut === order.lines.length) {
    say(t('order.againNone'), 'problem');
    return;
  }
  setCart(lines);
  replace({ page: 'cart' });
  if (leftOut > 0) say(t('order.againSome', { count: leftOut }), 'problem');
}

function promise({ status, promisedAt }: OrderView): string {
  if (status !== 'placed' && status !== 'cooking') return '';
  if (Date.parse(promisedAt) < serverNowMs()) return t('order.late');
  return t('order.promised', { time: timeOf(promisedAt, store.value?.timeZone) });
}

/** Whether what is shown is told by the server, asked for, or only remembered. */
function LiveHint({ id }: { id: string }) {
  const following = watching.value?.id === id ? watching.value.following : null;
  if (!following) return null;
  const state = following.state.value;
  const time = timeOf(following.updatedAt.value, store.value?.timeZone);
  if (state === 'offline') return <p class="live-hint offline">{t('live.offline', { time })}</p>;
  return (
    <p class={`live-hint ${state}`}>
      {t(state === 'live' ? 'live.live' : 'live.polling')} · {t('order.updated', { time })}
    </p>
  );
}

export function Lines({ order }: { order: OrderView }) {
  const money = (amount: number) => formatMoney(amount, order.currency, language.value);
  return (
    <section class="order-lines">
      <h3>{t('order.items')}</h3>
      <ul>
        {order.lines.map((line, index) => (
          // The lines of an order never change, so their place names them.
          <li key={`${line.itemId}${index}`}>
            <span>
              {nameOf(line.name)} <span class="number">× {line.quantity}</span>
              {line.options.length > 0 && (
                <small>{line.options.map((option) => nameOf(option.name)).join(' · ')}</small>
              )}
              {line.note && <small class="note">“{line.note}”</small>}
            </span>
            <span class="number">{money(line.total)}</span>
          </li>
        ))}
        <li class="sum">
          <span>{t('cart.total')}</span>
          <span class="number">{money(order.total)}</span>
        </li>
      </ul>
    </section>
  );
}

function Cancel({ id }: { id: string }) {
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!asked) {
    return (
      <button type="button" class="button quiet wide" onClick={() => setAsked(true)}>
        {t('order.cancel')}
      </button>
    );
  }
  async function cancel() {
    setBusy(true);
    try {
      await cancelOrder(id);
    } catch (error) {
      const tooLate = error instanceof ApiProblem && error.type === 'not-cancellable';
      say(t(tooLate ? 'order.tooLate' : 'error.network'), 'problem');
      void watching.value?.following.refresh();
    }
    setBusy(false);
    setAsked(false);
  }
  return (
    <fieldset class="ask" aria-label={t('order.cancelSure')}>
      <p>{t('order.cancelSure')}</p>
      <button type="button" class="button" disabled={busy} onClick={() => setAsked(false)}>
        {t('order.keep')}
      </button>
      <button type="button" class="button primary" disabled={busy} onClick={() => void cancel()}>
        {t('order.cancelYes')}
      </button>
    </fieldset>
  );
}
