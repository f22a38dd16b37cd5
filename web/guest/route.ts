import { signal } from '@preact/signals';

/**
 * What lies over the menu, kept in the address's fragment so that the phone's own back gesture closes it and the menu
 * below keeps its place.
 */
export type Route =
  | { page: 'menu' | 'cart' | 'orders' | 'avoid' }
  /** `id` is an item's, a cart line's, or an order's. */
  | { page: 'dish' | 'edit' | 'order'; id: string };

function parse(hash: string): Route {
  const [page, id = ''] = hash.slice(1).split('/');
  if (page === 'cart' || page === 'orders' || page === 'avoid') return { page };
  if ((page === 'dish' || page === 'edit' || page === 'order') && id) return { page, id };
  return { page: 'menu' };
}

const format = (route: Route) => {
  if (route.page === 'menu') return location.pathname + location.search;
  return 'id' in route ? `#${route.page}/${route.id}` : `#${route.page}`;
};

export const route = signal<Route>(parse(location.hash));

/** How many pages deep we are, so that closing knows whether there is a page of ours to go back to. */
const depth = (): number => (history.state as { depth?: number } | null)?.depth ?? 0;

/** Opens a page above the present one. */
export function open(next: Route): void {
  history.pushState({ depth: depth() + 1 }, '', format(next));
  route.value = next;
}

/** Puts a page in the place of the present one. */
export function replace(next: Route): void {
  history.replaceState({ depth: depth() }, '', format(next));
  route.value = next;
}

/** Closes the present page, as the back gesture would. */
export function close(): void {
  if (depth() > 0) history.back();
  else replace({ page: 'menu' });
}

export function startRouting(): void {
  const follow = () => {
    route.value = parse(location.hash);
  };
  window.addEventListener('popstate', follow);
  window.addEventListener('hashchange', follow);
}
