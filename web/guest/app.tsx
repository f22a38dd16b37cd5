import { useSignalEffect } from '@preact/signals';
import { nameOf, t } from '../shared/language/i18n.ts';
import { NoticePlace } from '../shared/parts/notice.tsx';
import { findItem } from './cart/cart.ts';
import { CartBar } from './cart/cart-bar.tsx';
import { CartSheet } from './cart/cart-sheet.tsx';
import { cart } from './cart/cart-state.ts';
import { Hero } from './hero.tsx';
import { AvoidSheet } from './menu/avoid-sheet.tsx';
import { CategoryTabs } from './menu/category-tabs.tsx';
import { DishList } from './menu/dish-list.tsx';
import { DishSheet } from './menu/dish-sheet.tsx';
import { FindBar } from './menu/find-bar.tsx';
import { shownDishes } from './menu/find-state.ts';
import { loadProblem, menu, revalidate, store } from './menu/menu-state.ts';
import { Popular } from './menu/popular.tsx';
import { ActiveOrders } from './order/active-orders.tsx';
import { OrderSheet } from './order/order-sheet.tsx';
import { OrdersSheet } from './order/orders-sheet.tsx';
import { activeOrders } from './order/orders-state.ts';
import { place } from './order/place.ts';
import { progress } from './order/sending.ts';
import { SendingSheet } from './order/sending-sheet.tsx';
import { close, route } from './route.ts';

export function App() {
  useSignalEffect(() => {
    const ready = activeOrders.value.find(({ order }) => order.status === 'ready');
    const name = store.value ? nameOf(store.value.name) : t('app.name');
    // A phone with the page in the background shows its title only.
    document.title = ready ? `🔔 ${t('order.numberShort', { number: ready.order.number })} ${t('status.ready')}` : name;
  });
  if (!place.isReadable) return <Unreadable />;
  if (!store.value || !menu.value) return <NothingYet />;
  const hasDishes = menu.value.categories.some(({ items }) => items.length);
  const { found } = shownDishes.value;
  return (
    <>
      <Hero store={store.value} />
      {hasDishes && <Popular />}
      <main>
        <ActiveOrders />
        {hasDishes ? (
          <>
            <FindBar />
            <CategoryTabs categories={found} />
            <DishList categories={found} currency={menu.value.currency} />
          </>
        ) : (
          <p class="page-problem">{t('menu.empty')}</p>
        )}
      </main>
      <CartBar />
      <Layer />
      {progress.value && <SendingSheet />}
      <NoticePlace />
    </>
  );
}

/** What lies over the menu now. */
function Layer() {
  const shown = route.value;
  switch (shown.page) {
    case 'cart':
      return <CartSheet />;
    case 'avoid':
      return <AvoidSheet />;
    case 'orders':
      return <OrdersSheet />;
    case 'order':
      return <OrderSheet key={shown.id} id={shown.id} />;
    case 'dish': {
      const item = findItem(menu.value!, shown.id);
      return item ? <DishSheet key={shown.id} item={item} onDone={close} /> : null;
    }
    case 'edit': {
      const line = cart.value.find(({ id }) => id === shown.id);
      const item = line && findItem(menu.value!, line.itemId);
      return item ? <DishSheet key={shown.id} item={item} line={line} onDone={close} /> : null;
    }
    default:
      return null;
  }
}

/** Said before anything is chosen: an order from here would be refused when the cart is full. */
function Unreadable() {
  return (
    <main class="page-problem">
      <div role="alert">
        <h1>{t('error.tableUnreadable')}</h1>
      </div>
      <HomeLink />
    </main>
  );
}

const HomeLink = () => (
  <a class="button" href="/">
    {t('home.link')}
  </a>
);

function NothingYet() {
  const problem = loadProblem.value;
  if (!problem) return <p class="page-problem">{t('loading')}</p>;
  return (
    <main class="page-problem">
      <div role="alert">
        <h1>
          {problem.status === 404 ? t('error.storeMissing') : t(problem.status ? 'error.generic' : 'error.network')}
        </h1>
      </div>
      {problem.retryable && (
        <button type="button" class="button primary" onClick={() => void revalidate()}>
          {t('retry')}
        </button>
      )}
      {problem.status === 404 && <HomeLink />}
    </main>
  );
}
