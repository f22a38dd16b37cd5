import { t, timeOf } from '../../shared/language/i18n.ts';
import { store } from '../menu/menu-state.ts';
import { open } from '../route.ts';
import { activeOrders, type KnownOrder } from './orders-state.ts';
import { StatusSteps } from './status-steps.tsx';

/** More would push the menu off the screen; the rest is under "My orders". */
const SHOWN_MAX = 3;

/** The orders still being waited for, above the menu; what can be fetched comes first. */
export function ActiveOrders() {
  const ready = activeOrders.value.filter(({ order }) => order.status === 'ready');
  const others = activeOrders.value.filter(({ order }) => order.status !== 'ready');
  return (
    <div class="active-orders">
      {[...ready, ...others].slice(0, SHOWN_MAX).map(({ order }) => (
        <ActiveOrder key={order.id} order={order} />
      ))}
    </div>
  );
}

function ActiveOrder({ order: { id, number, status, promisedAt } }: { order: KnownOrder['order'] }) {
  const promise = t('order.promised', { time: timeOf(promisedAt, store.value?.timeZone) });
  return (
    <button type="button" class={`active-order ${status}`} onClick={() => open({ page: 'order', id })}>
      <span class="active-number number">{t('order.numberShort', { number })}</span>
      <span class="active-words" aria-live="polite">
        <strong>{t(`status.${status}`)}</strong>
        <small>{status === 'ready' ? t('say.ready') : promise}</small>
      </span>
      <StatusSteps status={status} small />
    </button>
  );
}
