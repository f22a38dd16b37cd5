import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Pending } from './deliver.ts';
import { forgetOrder, storeOrder } from './order-store.ts';

interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}

interface Given {
  readonly effect: (react: () => void) => unknown;
  readonly pending: ReadonlySignal<Pending | null>;
  readonly progress: ReadonlySignal<{ readonly problem: { readonly status: number } | null } | null>;
  readonly sentInBackground: Signal<boolean>;
  /** By its slug. */
  readonly store: string;
}

/**
 * Where the browser can: an order that found no network is also left to a service worker, which sends it when the network is back, whether
 * the page is still open or not. Only then is the guest told that the page may be closed.
 * It is handed what it works with: what it imported of the page would be asked for once more, with its style.
 */
export async function sendInBackground({ effect, pending, progress, sentInBackground, store }: Given): Promise<void> {
  const { sync } = (await navigator.serviceWorker.register('/sw.js', { type: 'module' })) as SyncRegistration;
  if (!sync) return;
  let left: string | null = null;
  effect(() => {
    const order = pending.value;
    const isOffline = progress.value?.problem?.status === 0;
    if (left !== null && order?.key !== left) {
      void forgetOrder(left);
      left = null;
      sentInBackground.value = false;
    }
    if (!order || !isOffline || left === order.key) return;
    left = order.key;
    const { key, body, madeAtMs, place: held } = order;
    const url = `/api/v1/stores/${encodeURIComponent(store)}/orders`;
    storeOrder({ key, url, body, madeAtMs, place: held })
      .then(() => sync.register(`order ${key}`))
      .then(
        () => {
          sentInBackground.value = left === key;
        },
        // Forbidden or full: the page stays the only one that sends.
        () => {},
      );
  });
  // What the browser gave up meanwhile is asked for once more by whoever leaves.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && left !== null) sync.register(`order ${left}`).catch(() => {});
  });
}
