import { computed, signal } from '@preact/signals';
import { keep, recall } from '../../shared/page/storage.ts';
import { menu } from '../menu/menu-state.ts';
import { keptAs } from '../order/place.ts';
import { type CartLine, findIssues, portionsOf, totalOf } from './cart.ts';

/** A cart of this morning is of use to nobody at dinner. */
const AGE_MAX_MS = 12 * 60 * 60 * 1000;

export const cart = signal<CartLine[]>(recall<CartLine[]>(keptAs.cart, AGE_MAX_MS) ?? []);
export const cartPortions = computed(() => portionsOf(cart.value));
export const cartTotal = computed(() => (menu.value ? totalOf(menu.value, cart.value) : 0));
export const cartIssues = computed(() => (menu.value ? findIssues(menu.value, cart.value) : new Map()));

/** Whether a guest of this phone has said to be of age: asked once an evening, before the first alcohol. */
export const isAdult = signal(recall<boolean>('matjip:adult', AGE_MAX_MS) === true);
export function sayAdult(): void {
  isAdult.value = true;
  keep('matjip:adult', true);
}

/** Portions in the cart, by item. */
export const inCart = computed(() => {
  const counts = new Map<string, number>();
  for (const line of cart.value) counts.set(line.itemId, (counts.get(line.itemId) ?? 0) + line.quantity);
  return counts;
});

/** Whether what is on the phone is what is on the screen; not where storage is blocked or full. */
let isKept = cart.value.length > 0;

/** Changes the cart, on the screen and on the phone. */
export function setCart(lines: CartLine[]): void {
  cart.value = lines;
  isKept = keep(keptAs.cart, lines.length ? lines : null);
}

/** Takes over what another tab has changed, also when its message has not come yet. */
export function readCartAgain(): void {
  if (isKept) cart.value = recall<CartLine[]>(keptAs.cart, AGE_MAX_MS) ?? [];
}

// The same table open in a second tab is the same cart.
window.addEventListener('storage', (event) => {
  if (event.key !== keptAs.cart) return;
  isKept = true;
  readCartAgain();
});
