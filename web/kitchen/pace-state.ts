import { effect, signal, untracked } from '@preact/signals';
import type { PacingView } from '../../src/contract/pacing.ts';
import type { StoreStateRequest, StoreView } from '../../src/contract/store.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson, request } from '../shared/server/api.ts';
import { serverNowMs } from '../shared/server/clock.ts';
import { store } from './board-state.ts';
import { kitchenKey, storeSlug } from './key.ts';
import { words } from './pace-words.ts';

const path = `/stores/${encodeURIComponent(storeSlug)}`;
/** A pause by the load of the kitchen is seen within a few seconds; each look is answered without asking the database. */
const LOOK_MS = 5_000;

/** The load of each station; null until it was read. */
export const pacing = signal<PacingView | null>(null);
/** A change of the state is on its way. */
export const isChanging = signal(false);

async function look(): Promise<void> {
  if (document.visibilityState !== 'visible' || !kitchenKey.value.value) return;
  try {
    store.value = await getJson<StoreView>(path);
    // Where stations have limits the load is on the screen all the time.
    pacing.value = await getJson<PacingView>(`${path}/pacing`, kitchenKey.value.value);
  } catch {
    // What is shown stays; the board itself says when the network is gone.
  }
}

/** Follows how the store and its stations are doing. */
export function followPace(): void {
  effect(() => {
    if (kitchenKey.value.value) untracked(() => void look());
  });
  setInterval(() => void look(), LOOK_MS);
  document.addEventListener('visibilitychange', () => void look());
}

/** @param minutes unset: until somebody says otherwise */
export async function setState(
  state: StoreView['state'],
  { minutes, reason }: { minutes?: number | undefined; reason?: string } = {},
): Promise<void> {
  isChanging.value = true;
  const body: StoreStateRequest = {
    state,
    ...(reason && { reason }),
    ...(minutes && { until: new Date(serverNowMs() + minutes * 60_000).toISOString() }),
  };
  try {
    const token = kitchenKey.value.value ?? undefined;
    const { data } = await request<StoreView>(`${path}/state`, { method: 'PUT', body, token });
    if (data) store.value = data;
  } catch {
    say(words('failed'), 'problem');
  }
  isChanging.value = false;
}
