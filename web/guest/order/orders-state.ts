import { computed, signal } from '@preact/signals';
import type { OrderEvent, OrderStatus, OrderView } from '../../../src/contract/order.ts';
import { keep, recall } from '../../shared/page/storage.ts';
import { keptAs } from './place.ts';

/** An order of this phone, as last heard of. */
export interface KnownOrder {
  order: OrderView;
  token: string;
  /** The last status event applied; older ones that come late change nothing. */
  seq: number;
  /** When it was taken up, by this phone's own clock, which may be days off the server's. */
  knownAtMs: number;
}

const AGE_MAX_MS = 24 * 60 * 60 * 1000;
/** More than any table orders in a day; the oldest are forgotten first. */
const ORDERS_MAX = 20;

const isRecent = ({ knownAtMs }: KnownOrder) => Date.now() - knownAtMs < AGE_MAX_MS;

/** Newest first. */
export const orders = signal<KnownOrder[]>((recall<KnownOrder[]>(keptAs.orders, AGE_MAX_MS) ?? []).filter(isRecent));

const isActive = (status: OrderStatus) => status !== 'served' && status !== 'cancelled';
/** Those that are still being waited for, newest first. */
export const activeOrders = computed(() => orders.value.filter(({ order }) => isActive(order.status)));

function setOrders(next: KnownOrder[]): void {
  orders.value = next.filter(isRecent).slice(0, ORDERS_MAX);
  keep(keptAs.orders, orders.value);
}

/** Takes up an order that the server has just confirmed; a replayed answer finds it here already. */
export function rememberOrder({ token, ...order }: OrderView): void {
  if (!token) return;
  setOrders([
    { order, token, seq: 0, knownAtMs: Date.now() },
    ...orders.value.filter((known) => known.order.id !== order.id),
  ]);
}

export const forgetOrder = (id: string): void => setOrders(orders.value.filter(({ order }) => order.id !== id));

export const findOrder = (id: string): KnownOrder | undefined => orders.value.find(({ order }) => order.id === id);

function change(id: string, to: (known: KnownOrder) => KnownOrder): void {
  setOrders(orders.value.map((known) => (known.order.id === id ? to(known) : known)));
}

/** Applies a status event. @returns whether it was news */
export function applyEvent(id: string, { seq, status, promisedAt, reason }: OrderEvent): boolean {
  const known = findOrder(id);
  if (!known || seq <= known.seq) return false;
  change(id, (before) => ({
    ...before,
    seq,
    order: { ...before.order, status, promisedAt, ...(reason && { cancelReason: reason }) },
  }));
  return known.order.status !== status;
}

/** Takes over what the server says the order is now. @returns whether the status was news */
export function applyOrder(fresh: OrderView): boolean {
  const known = findOrder(fresh.id);
  if (!known) return false;
  // What staff have taken off whole is not shown.
  const order = { ...fresh, lines: fresh.lines.filter(({ quantity }) => quantity > 0) };
  delete order.token;
  if (JSON.stringify(order) !== JSON.stringify(known.order)) change(fresh.id, (before) => ({ ...before, order }));
  return known.order.status !== order.status;
}

/** Takes over what another tab has ordered, also when its message has not come yet. */
export function readOrdersAgain(): void {
  const kept = recall<KnownOrder[]>(keptAs.orders, AGE_MAX_MS);
  if (kept) orders.value = kept.filter(isRecent);
}

// A second tab of the same phone must not write back a list without the first tab's newest order.
window.addEventListener('storage', (event) => {
  if (event.key === keptAs.orders) {
    orders.value = (recall<KnownOrder[]>(keptAs.orders, AGE_MAX_MS) ?? []).filter(isRecent);
  }
});
