import { effect, signal } from '@preact/signals';
import type { MenuView } from '../../src/contract/menu.ts';
import { t } from '../shared/language/i18n.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson } from '../shared/server/api.ts';
import { menuChanges, menuStations } from './board-state.ts';
import { storeSlug } from './key.ts';

/** A menu may be this old when its change is heard of; asked at once, it would still be the one before. */
const MENU_LAG_MS = 1_100;

/** The store's menu; null until it was read. */
export const menu = signal<MenuView | null>(null);

/** Reads the menu anew. Never throws: what is shown stays. */
export async function loadMenu(): Promise<void> {
  try {
    const read = await getJson<MenuView>(`/stores/${encodeURIComponent(storeSlug)}/menu`);
    menu.value = read;
    menuStations.value = [...new Set(read.categories.flatMap(({ items }) => items.map((item) => item.station)))];
  } catch {
    if (!menu.value) say(t('error.network'), 'problem');
  }
}

/** Reads the menu again each time that it is said to have changed. */
export function followMenu(): void {
  effect(() => {
    if (menuChanges.value === 0) return;
    const timer = setTimeout(() => void loadMenu(), MENU_LAG_MS);
    return () => clearTimeout(timer);
  });
  void loadMenu();
}
