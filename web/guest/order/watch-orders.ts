import { effect, signal, untracked } from '@preact/signals';
import type { OrderEvent, OrderView } from '../../../src/contract/order.ts';
import { getJson, request } from '../../shared/server/api.ts';
import { type Following, follow } from '../../shared/server/live.ts';
import { route } from '../route.ts';
import { activeOrders, applyEvent, applyOrder, findOrder, forgetOrder, type KnownOrder } from './orders-state.ts';

/** The other orders of this phone are asked for this often; a browser has few connections, so only one is live. */
const OTHERS_MS = 20_000;

const pathOf = ({ order }: KnownOrder) => `/stores/${order.storeId}/orders/${order.id}`;

/** How the watched order is being followed; null while none is. */
export const watching = signal<{ id: string; following: Following } | null>(null);

/** Reads an order anew. @returns whether its status was news */
export async function refresh(id: string): Promise<boolean> {
  const known = findOrder(id);
  if (!known) return false;
  const fresh = await getJson<OrderView>(pathOf(known), known.token);
  // An event that came while this answer was on its way is newer than the answer.
  if (findOrder(id)?.seq !== known.seq) return false;
  return applyOrder(fresh);
}

function watch(known: KnownOrder): Following {
  const { id } = known.order;
  return follow({
    url: `/api/v1${pathOf(known)}/events?token=${encodeURIComponent(known.token)}`,
    events: {
      status: (data) => {
        const event = data as OrderEvent;
        if (applyEvent(id, event) && event.status === 'ready') navigator.vibrate?.([200, 100, 200]);
      },
      table: () => void refresh(id).catch(() => {}),
      changed: () => void refresh(id).catch(() => {}),
    },
    refresh: () => refresh(id),
    onRefused: (problem) => {
      if (problem.status === 404) forgetOrder(id);
    },
  });
}

/** Follows the order on the screen, or else the newest one still being waited for. */
export function startWatching(): void {
  effect(() => {
    const shown = route.value.page === 'order' ? route.value.id : undefined;
    const id = shown && findOrder(shown) ? shown : activeOrders.value[0]?.order.id;
    untracked(() => {
      if (watching.value?.id === id) return;
      watching.value?.following.stop();
      const known = id ? findOrder(id) : undefined;
      watching.value = known ? { id: known.order.id, following: watch(known) } : null;
    });
  });
  const refreshOthers = () => {
    if (document.visibilityState !== 'visible') return;
    for (const { order } of activeOrders.value) {
      if (order.id !== watching.value?.id) refresh(order.id).catch(() => {});
    }
  };
  setInterval(refreshOthers, OTHERS_MS);
  document.addEventListener('visibilitychange', refreshOthers);
  refreshOthers();
}

/** Cancels an order that the kitchen has not begun. @throws ApiProblem, `not-cancellable` when it has */
export async function cancelOrder(id: string): Promise<void> {
  const known = findOrder(id);
  if (!known) return;
  const { data } = await request<OrderView>(pathOf(known), { method: 'DELETE', token: known.token });
  if (data?.id) applyOrder(data);
  await refresh(id);
}
