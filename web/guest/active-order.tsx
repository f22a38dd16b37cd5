import { t, timeOf } from '../shared/i18n.ts';
import { store } from './menu-state.ts';
import { activeOrders } from './orders-state.ts';
import { open } from './route.ts';
import { StatusSteps } from './status-steps.tsx';

/** The newest order still being waited for, above the menu. */
export function ActiveOrder() {
  const known = activeOrders.value[0];
  if (!known) return null;
  const { id, number, status, promisedAt } = known.order;
  return (
    <button type="button" class={`active-order ${status}`} onClick={() => open({ page: 'order', id })}>
      <span class="active-number number">{t('order.numberShort', { number })}</span>
      <span class="active-words" aria-live="polite">
        <strong>{t(`status.${status}`)}</strong>
        <small>
          {status === 'ready'
            ? t('say.ready')
            : t('order.promised', { time: timeOf(promisedAt, store.value?.timeZone) })}
        </small>
      </span>
      <StatusSteps status={status} small />
    </button>
  );
}
