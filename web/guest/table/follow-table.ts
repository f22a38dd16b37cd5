import { effect, untracked } from '@preact/signals';
import type { BillView } from '../../../src/contract/bill.ts';
import { keep, recall } from '../../shared/page/storage.ts';
import { say } from '../../shared/parts/notice.tsx';
import { getJson } from '../../shared/server/api.ts';
import { cart } from '../cart/cart-state.ts';
import { activeOrders, type KnownOrder, orders } from '../order/orders-state.ts';
import { pending } from '../order/pending-orders.ts';
import { keptAs, place, proof } from '../order/place.ts';
import { refresh } from '../order/watch-orders.ts';
import { words } from './table-words.ts';

const MOVED = `matjip:${place.store}:moved`;
const SAID_WITHIN_MS = 60_000;
/** With nothing on its way no order is followed live; whoever sits on is asked about so often. */
const LOOK_MS = 20_000;
/** Nobody sits longer after the last dish. */
const SITS_MAX_MS = 3 * 60 * 60 * 1000;

/** The table of each order of this phone, as it was last seen. */
const seen = new Map<string, string | null>();

/** Goes along with guests whom the staff have moved: an order of this phone that was at this page's table is at another now. */
export function followTable(): void {
  const told = recall<string>(MOVED, SAID_WITHIN_MS, 'sessionStorage');
  if (told && told === place.table) say(words('moved', { table: told }));
  keep(MOVED, null, 'sessionStorage');
  effect(() => {
    // What is on its way is answered first.
    if (pending.value) return;
    for (const known of orders.value) {
      const { id, table } = known.order;
      const before = seen.get(id);
      seen.set(id, table);
      if (before === place.table && table !== null && table !== before) void untracked(() => goTo(table, known));
    }
  });
  setInterval(() => {
    const [last] = orders.value;
    const isHere = last?.order.table === place.table && Date.now() - last.knownAtMs < SITS_MAX_MS;
    if (isHere && activeOrders.value.length === 0 && document.visibilityState === 'visible') {
      refresh(last.order.id).catch(() => {});
    }
  }, LOOK_MS);
}

/** The cart and the visit go along. */
async function goTo(table: string, { order, token }: KnownOrder): Promise<void> {
  try {
    const bill = await getJson<BillView>(`/stores/${order.storeId}/orders/${order.id}/bill`, token);
    if (bill.state === 'closed') return;
    const here = `matjip:${place.store}:${table}`;
    if (cart.value.length > 0) keep(`${here}:cart`, cart.value);
    if (proof.visit) keep(`${here}:visit`, proof.visit);
    keep(keptAs.cart, null);
    keep(MOVED, table, 'sessionStorage');
    const key = bill.tableKey ? `?k=${bill.tableKey}` : '';
    location.replace(`/s/${encodeURIComponent(place.store)}/t/${encodeURIComponent(table)}${key}${location.hash}`);
  } catch {
    // Asked again with the next look at the order.
    seen.set(order.id, place.table);
  }
}
