import { TABLE_LENGTH_MAX } from '../../../src/contract/bounds.ts';
import type { MenuView } from '../../../src/contract/menu.ts';
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

export interface PagePlace {
  readonly store: string;
  readonly table: string | null;
  /** False when the address names a table for which no order would be taken: a damaged or home-made QR code. */
  readonly isReadable: boolean;
}

/** The parts of `/s/{store}/t/{table}` or `/kitchen/{store}`. */
export function pagePlace(pathname = location.pathname): PagePlace {
  const [, , store = '', marker, ...rest] = pathname.split('/');
  const table = marker === 't' ? decode(rest.join('/')) : null;
  return { store: decode(store) ?? '', table: table || null, isReadable: marker !== 't' || isTable(table) };
}

const isTable = (table: string | null | undefined) =>
  Boolean(table) && [...table!].length <= TABLE_LENGTH_MAX && !/[\p{Cc}\ufffd]/u.test(table!);

/** @returns undefined for escapes that mean nothing, as a QR reader or a typing error leaves them */
function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
