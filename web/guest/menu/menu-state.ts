import { computed, signal } from '@preact/signals';
import type { ItemView, MenuView, StockView } from '../../../src/contract/menu.ts';
import type { StoreView } from '../../../src/contract/store.ts';
import { takesNoOrders } from '../../shared/language/store-state.ts';
import { pageData } from '../../shared/page/boot.ts';
import { getJson } from '../../shared/server/api.ts';
import { ApiProblem } from '../../shared/server/problem.ts';
import { place } from '../order/place.ts';
import { isStockOf, MARKED, withStock } from './stock.ts';

/** How old a menu on a lit screen may be. The order is checked by the server in any case. */
const REVALIDATE_MS = 30_000;

const FIRST_RETRY_MS = 3_000;

const inPage = pageData();
export const store = signal<StoreView | null>(inPage?.store ?? null);
export const menu = signal<MenuView | null>(inPage?.menu ?? null);
/** Why there is nothing to show yet. */
export const loadProblem = signal<ApiProblem | null>(null);
/** True while the last question about the menu got no answer. */
export const menuOffline = signal(false);
/** When the menu was last known to be right, in milliseconds since 1970. */
export const menuCheckedAt = signal(Date.now());
export const isPaused = computed(() => store.value !== null && takesNoOrders(store.value));

const path = `/stores/${encodeURIComponent(place.store)}`;

/** While a menu is sold from, only its stock changes: some bytes instead of the whole. */
async function loadMenu(): Promise<void> {
  const shown = menu.value;
  if (shown) {
    const stock = await getJson<StockView>(`${path}/stock`);
    if (menu.value === shown && isStockOf(shown, stock)) {
      // The same version drawn again would only cost a slow phone its breath.
      if (stock.version !== shown.version) menu.value = withStock(shown, stock);
      return;
    }
  }
  const fresh = await getJson<MenuView>(`${path}/menu`);
  if (fresh.version !== menu.value?.version) menu.value = fresh;
}

async function loadStore(): Promise<void> {
  const fresh = await getJson<StoreView>(path);
  if (JSON.stringify(fresh) !== JSON.stringify(store.value)) store.value = fresh;
}

/** Asks whether store and menu are still as shown. Never throws: what is shown stays. */
export async function revalidate(): Promise<void> {
  try {
    await Promise.all([loadStore(), loadMenu()]);
    loadProblem.value = null;
    menuOffline.value = false;
    menuCheckedAt.value = Date.now();
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
    menuOffline.value = problem.retryable;
    if (menu.value && store.value) return;
    loadProblem.value = problem;
    // Somebody waits before an empty page: sooner than the usual round.
    if (problem.retryable) setTimeout(() => void revalidate(), Math.max(FIRST_RETRY_MS, problem.retryAfterMs ?? 0));
  }
}

/** Whether the page was not asked for just now: a browser gives what it kept to whoever goes back to it, or opens a tab that was put away. */
function isKeptPage(): boolean {
  const [asked] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return asked?.type === 'back_forward' || asked?.transferSize === 0;
}

/** Keeps the menu fresh while somebody looks at it, and looks at once when somebody comes back. */
export function keepMenuFresh(): void {
  const ifSeen = () => {
    if (document.visibilityState === 'visible') void revalidate();
  };
  setInterval(ifSeen, REVALIDATE_MS);
  document.addEventListener('visibilitychange', ifSeen);
  window.addEventListener('online', ifSeen);
  if (!inPage || isKeptPage()) void revalidate();
}

interface SoldOut {
  itemId: string;
  optionId?: string;
  remaining: number;
}

/** Shows at once what a refused order has just told, before the next menu says it too. */
export function markSoldOut(soldOut: readonly SoldOut[]): void {
  if (!menu.value) return;
  const change = (item: ItemView): ItemView => {
    const told = soldOut.filter((entry) => entry.itemId === item.id);
    const whole = told.find((entry) => !entry.optionId);
    const options = new Set(told.map((entry) => entry.optionId));
    return {
      ...item,
      ...(whole && { remaining: whole.remaining, soldOut: item.soldOut || whole.remaining === 0 }),
      optionGroups: item.optionGroups.map((group) => ({
        ...group,
        options: group.options.map((option) => (options.has(option.id) ? { ...option, soldOut: true } : option)),
      })),
    };
  };
  const touched = new Set(soldOut.map((entry) => entry.itemId));
  menu.value = {
    ...menu.value,
    // Another version than any of the server's, so that its next answer replaces this one.
    version: `${menu.value.version}${MARKED}`,
    categories: menu.value.categories.map((category) => ({
      ...category,
      items: category.items.map((item) => (touched.has(item.id) ? change(item) : item)),
    })),
  };
}
