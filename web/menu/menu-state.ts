import { signal } from '@preact/signals';
import type { FieldProblem } from '../../src/contract/errors.ts';
import type { StoreView } from '../../src/contract/store.ts';
import { stationNames } from '../shared/language/station-name.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { ownerKey, putFile, readMenu, type SeenMenu, storeSlug } from './menu-api.ts';
import { type Menu, rowsGone } from './menu-shape.ts';
import { w } from './words.ts';

export const store = signal<StoreView | null>(null);
/** null before the first answer. */
export const seen = signal<SeenMenu | null>(null);
export const missing = signal(false);
/** The dish on the screen: its code, or 'new'; null: the list. */
export const editing = signal<string | null>(null);
/** The dish that was on the screen, until the list has shown it; null: none. */
export const editedLast = signal<string | null>(null);

/** Tells whoever is not let in, and says what else went wrong. */
export function fail(error: unknown): void {
  const { status } = error instanceof ApiProblem ? error : new ApiProblem('network');
  if (status === 401 || status === 403) ownerKey.refuse();
  else if (status === 404) missing.value = true;
  else say(w('failed'), 'problem');
}

export async function load(): Promise<void> {
  try {
    const [view, menu] = await Promise.all([
      getJson<StoreView>(`/stores/${encodeURIComponent(storeSlug)}`),
      readMenu(),
    ]);
    store.value = view;
    stationNames.value = view.stationNames ?? [];
    seen.value = menu;
  } catch (error) {
    fail(error);
  }
}

/** How often a change is tried again on what others have made of the menu meanwhile. */
const TRIES_MAX = 4;

/**
 * Makes a change and keeps it. When the menu is another by then, the change is made to that one, as long as what it is about has stayed.
 * @param change the menu after it; null: it cannot be made any more, which the caller has said already
 * @returns the fields that are wrong; an empty list when it was kept; null when it was not
 */
export async function keep(change: (menu: Menu) => Menu | null): Promise<readonly FieldProblem[] | null> {
  try {
    for (let tries = 1; ; tries += 1) {
      const { menu, version } = seen.value!;
      const next = change(menu);
      if (!next) return null;
      try {
        await putFile(JSON.stringify(next), version, rowsGone(menu, next));
        await load();
        return [];
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.type !== 'stale' || tries === TRIES_MAX) throw error;
        seen.value = await readMenu();
      }
    }
  } catch (error) {
    const fields = error instanceof ApiProblem && error.type === 'invalid' ? error.body.fields : undefined;
    if (!fields) fail(error);
    return fields ?? null;
  }
}
