import { forgetOrder, type StoredOrder, storedOrders } from './order/order-store.ts';

/**
 * Sends an order whose page was closed before the network came back, under the same key and with the same bytes: whoever comes second, the
 * page or this, is told what the first was told. It answers no requests, so that no page ever comes from an old one.
 */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Worker {
  readonly clients: {
    matchAll(of: {
      type: 'window';
      includeUncontrolled: true;
    }): Promise<readonly { readonly visibilityState: string }[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(name: 'sync', listener: (event: SyncEvent) => void): void;
  addEventListener(name: 'install', listener: (event: ExtendableEvent) => void): void;
}
const worker = globalThis as unknown as Worker;

/** As the page has it: later the guest is asked, who may have left. */
const SEND_WITHIN_MS = 10 * 60 * 1000;
/** A page that is looked at sends by itself; it may be closed before it has. */
const LOOK_EVERY_MS = 1_000;
const LOOKS_MAX = 60;

const isSeen = async (): Promise<boolean> =>
  (await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).some(
    ({ visibilityState }) => visibilityState === 'visible',
  );

/** @throws Error so that the browser tries again later */
async function send({ key, url, body, place, madeAtMs }: StoredOrder): Promise<void> {
  if (Date.now() - madeAtMs < SEND_WITHIN_MS) {
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': key,
      ...(place && { 'line-place': place }),
    };
    const { status } = await fetch(url, { method: 'POST', headers, body });
    if (status === 429 || status >= 500) throw new Error(`${status}`);
  }
  // Taken, or refused: the page hears which when it is opened again.
  await forgetOrder(key);
}

async function sendAll(): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const waiting = await storedOrders();
    if (waiting.length === 0) return;
    if (!(await isSeen())) {
      await Promise.all(waiting.map(send));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error('A page is open that has not sent it yet.');
}

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('sync', (event) => event.waitUntil(sendAll()));
