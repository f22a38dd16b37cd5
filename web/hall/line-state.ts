import { computed, signal } from '@preact/signals';
import type { StoreView } from '../../src/contract/store.ts';
import type { PartyView, WaitlistPage, WaitlistState } from '../../src/contract/waitlist.ts';
import { getJson } from '../shared/server/api.ts';
import { serverNowMs } from '../shared/server/clock.ts';
import { type Following, follow } from '../shared/server/live.ts';
import { hallKey, storeSlug } from './key.ts';

export const path = `/stores/${encodeURIComponent(storeSlug)}`;
/** Nobody scrolls further; those behind come up as the line moves. */
const SHOWN = 100;
/** Waits are shown in minutes. */
const TICK_MS = 10_000;

export const store = signal<StoreView | null>(null);
export const missing = signal(false);
export const following = signal<Following | null>(null);
export const lineState = signal<WaitlistState | null>(null);
export const waitingCount = signal(0);
/** The server's time, for waits. */
export const clock = signal(serverNowMs());
const listed = signal<readonly PartyView[]>([]);
export const setAside = signal<readonly PartyView[]>([]);

export const called = computed(() => listed.value.filter(({ state }) => state === 'called'));
export const waiting = computed(() => listed.value.filter(({ state }) => state === 'waiting'));

let refreshes = 0;

/** Reads the line anew; an answer that was overtaken by a later question is thrown away. */
export async function refresh(): Promise<boolean> {
  refreshes += 1;
  const mine = refreshes;
  const token = hallKey.value.value ?? undefined;
  const [line, gone] = await Promise.all([
    getJson<WaitlistPage>(`${path}/waitlist?limit=${SHOWN}`, token),
    getJson<WaitlistPage>(`${path}/waitlist?state=no-show`, token),
  ]);
  if (mine !== refreshes) return false;
  const before = JSON.stringify([listed.value, setAside.value, lineState.value]);
  listed.value = line.items;
  setAside.value = gone.items;
  lineState.value = line.state;
  waitingCount.value = line.waiting;
  clock.value = serverNowMs();
  return before !== JSON.stringify([line.items, gone.items, line.state]);
}

/** Opens the line with the key at hand. The door's events say that something changed; what it is, is read with the key. */
export function startLine(): void {
  following.value?.stop();
  following.value = follow({
    url: `/api/v1${path}/door/events`,
    events: { door: () => void refresh().catch(() => {}) },
    refresh,
    onRefused: (problem) => {
      if (problem.status === 401 || problem.status === 403) hallKey.refuse();
      else missing.value = true;
    },
  });
  void getJson<StoreView>(path).then(
    (found) => {
      store.value = found;
    },
    // The line works without the store's name.
    () => {},
  );
}

setInterval(() => {
  clock.value = serverNowMs();
}, TICK_MS);
