import { signal } from '@preact/signals';
import type { RankingView } from '../../../src/contract/ranking.ts';
import { isOrderable } from '../../shared/parts/option-rules.ts';
import { getJson } from '../../shared/server/api.ts';
import { findItem } from '../cart/cart.ts';
import { place } from '../order/place.ts';
import { menu } from './menu-state.ts';

/** What sells changes slowly, and nobody decides by the last minute of it. */
const REFRESH_MS = 60_000;
/** Fewer are no ranking. */
const SHOWN_MIN = 3;
/** Some of what sold may be gone by now. */
const ASKED = 10;

type Popular = RankingView['items'];

/** null: not asked yet. Empty: too little was ordered to rank anything. */
export const popular = signal<Popular | null>(null);

/** Dishes that can still be ordered here. */
export const canBeHad = (items: Popular): Popular =>
  items.filter(({ itemId }) => {
    const item = menu.value && findItem(menu.value, itemId);
    return item && isOrderable(item);
  });

const ask = async (window: RankingView['window']): Promise<Popular> => {
  const path = `/stores/${encodeURIComponent(place.store)}/ranking?window=${window}&limit=${ASKED}`;
  return (await getJson<RankingView>(path)).items;
};

/** What sells now; in a quiet hour what sold today. Never throws: what is shown stays. */
async function refresh(): Promise<void> {
  try {
    const lately = await ask('hour');
    const found = canBeHad(lately).length >= SHOWN_MIN ? lately : await ask('day');
    popular.value = canBeHad(found).length >= SHOWN_MIN ? found : [];
  } catch {
    popular.value ??= [];
  }
}

/** Asks once the page is there, and again while somebody looks at it. */
export function keepPopularFresh(): void {
  const ifSeen = () => {
    if (document.visibilityState === 'visible') void refresh();
  };
  setTimeout(ifSeen);
  setInterval(ifSeen, REFRESH_MS);
}
