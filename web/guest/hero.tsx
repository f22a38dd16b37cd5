import type { StoreView } from '../../src/contract/store.ts';
import { nameOf, t, timeOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { promiseOf, storeSentence } from '../shared/language/store-state.ts';
import { menuCheckedAt, menuOffline } from './menu/menu-state.ts';
import { orders } from './order/orders-state.ts';
import { place } from './order/place.ts';
import { open } from './route.ts';
import { tablePart } from './table/table-part.ts';

/** The head of the page: which store, which table, how it goes there now. */
export function Hero({ store }: { store: StoreView }) {
  const sentence = storeSentence(store);
  const Part = tablePart.value;
  return (
    <header class="hero">
      <div class="hero-bar">
        {Part && <Part />}
        <LanguageChoice class="hero-button" />
        {orders.value.length > 0 && (
          <button type="button" class="hero-button" onClick={() => open({ page: 'orders' })}>
            {t('order.listTitle')} <span class="number">{orders.value.length}</span>
          </button>
        )}
      </div>
      <h1>{nameOf(store.name)}</h1>
      <p class="hero-facts">
        <span class="hero-chip">{place.table ? t('table', { table: place.table }) : t('takeout')}</span>
        <span class={`hero-state ${store.state}`}>{t(`store.${store.state}`)}</span>
        {store.state !== 'paused' && <span>{promiseOf(store)}</span>}
      </p>
      {sentence && <p class="banner">{sentence}</p>}
      {menuOffline.value && (
        <p class="banner">{t('menu.offline', { time: timeOf(menuCheckedAt.value, store.timeZone) })}</p>
      )}
    </header>
  );
}
