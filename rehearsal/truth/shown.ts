import type { MenuView } from '../../src/contract/index.ts';

/** What a menu says about each dish that can be checked: its price, and whether it can be had. By item id. */
export type Shown = ReadonlyMap<string, { readonly price: number; readonly soldOut: boolean }>;

/** One answer to `GET …/menu`, as a guest met it. Times are epoch milliseconds. */
export interface Answer {
  /** Just before the request left. */
  readonly sentMs: number;
  /** When the answer was there. */
  readonly receivedMs: number;
  /** The menu that the guest now holds; after a 304 the one they had. Undefined: blank or an error. */
  readonly shown: Shown | undefined;
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
}

/** @returns undefined for what is no menu, or a menu without a single dish: to a guest both are a blank page */
export function shownBy(menu: unknown): Shown | undefined {
  const categories = (menu as Partial<MenuView> | null)?.categories;
  if (!Array.isArray(categories)) return undefined;
  const shown = new Map<string, { price: number; soldOut: boolean }>();
  for (const category of categories) {
    for (const { id, price, soldOut } of category?.items ?? []) shown.set(id, { price, soldOut });
  }
  return shown.size > 0 ? shown : undefined;
}
