import { formatMoney } from '../../../src/contract/money.ts';
import { language, t } from '../../shared/language/i18n.ts';
import { menu } from '../menu/menu-state.ts';
import { isStopped } from '../order/sending.ts';
import { open } from '../route.ts';
import { cartPortions, cartTotal } from './cart-state.ts';

/** At the thumb: what is in the cart, or the order that has had no answer yet. */
export function CartBar() {
  if (isStopped.value) {
    return (
      <button type="button" class="cart-bar stopped" onClick={() => open({ page: 'cart' })}>
        {t('send.pausedTitle')}
      </button>
    );
  }
  if (cartPortions.value === 0) return null;
  return (
    <button type="button" class="cart-bar" onClick={() => open({ page: 'cart' })}>
      <span class="cart-count number">{cartPortions.value}</span>
      <span>{t('cart.open')}</span>
      <span class="number">{formatMoney(cartTotal.value, menu.value!.currency, language.value)}</span>
    </button>
  );
}
