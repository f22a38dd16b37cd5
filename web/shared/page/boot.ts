import type { MenuView } from '../../../src/contract/menu.ts';
import { type PagePlace, pagePlaceOf } from '../../../src/contract/page-place.ts';
import type { StoreView } from '../../../src/contract/store.ts';

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

/** What links for other people's phones begin with: what the server says, or the address by which it is reached here. */
export const publicBase = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="matjip:base"]')?.content || location.origin;

/** The parts of this page's address. */
export const pagePlace = (pathname = location.pathname): PagePlace => pagePlaceOf(pathname);
