import type { MenuView } from '../../src/contract/menu.ts';
import type { StoreView } from '../../src/contract/store.ts';

/** What the server writes into a guest page, so that its first paint needs no second request. */
export interface PageData {
  store: StoreView;
  menu: MenuView;
}

/** @returns the data inside the page; null when the page came without, as from a plain file server */
export function pageData(): PageData | null {
  try {
    return JSON.parse(document.getElementById('matjip-data')?.textContent ?? 'null') as PageData | null;
  } catch {
    // The placeholder is still in its place.
    return null;
  }
}

/** The parts of `/s/{store}/t/{table}` or `/kitchen/{store}`. */
export function pagePlace(pathname = location.pathname): { store: string; table: string | null } {
  const [, , store = '', marker, table] = pathname.split('/').map(decodeURIComponent);
  return { store, table: marker === 't' && table ? table : null };
}
