import { formatMoney } from '../../../src/contract/money.ts';
import { language, nameOf, t, timeOf } from '../../shared/language/i18n.ts';
import { Sheet } from '../../shared/parts/sheet.tsx';
import { store } from '../menu/menu-state.ts';
import { close, open } from '../route.ts';
import { orders } from './orders-state.ts';

/** Everything this phone has ordered today. */
export function OrdersSheet() {
  const total = orders.value.reduce((sum, { order }) => sum + (order.status === 'cancelled' ? 0 : order.total), 0);
  const currency = orders.value[0]?.order.currency ?? 'KRW';
  return (
    <Sheet label={t('order.listTitle')} title={t('order.listTitle')} onClose={close} full>
      {orders.value.length === 0 && <p class="empty">{t('order.listEmpty')}</p>}
      <ul class="orders">
        {orders.value.map(({ order }) => (
          <li key={order.id}>
            <button type="button" class="order-row" onClick={() => open({ page: 'order', id: order.id })}>
              <span class="order-row-number number">{order.number}</span>
              <span class="order-row-words">
                <span>{order.lines.map((line) => `${nameOf(line.name)} × ${line.quantity}`).join(', ')}</span>
                <small class="number">
                  {timeOf(order.placedAt, store.value?.timeZone)} ·{' '}
                  {formatMoney(order.total, order.currency, language.value)}
                </small>
              </span>
              <span class={`badge ${order.status}`}>{t(`status.${order.status}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      {orders.value.length > 1 && (
        <p class="cart-total">
          <span>{t('cart.total')}</span>
          <span class="number">{formatMoney(total, currency, language.value)}</span>
        </p>
      )}
    </Sheet>
  );
}
