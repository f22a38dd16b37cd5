import { signal } from '@preact/signals';
import type { StoreView } from '../../src/contract/store.ts';
import type { Door } from '../../src/contract/waitlist.ts';
import { pagePlace, publicBase } from '../shared/page/boot.ts';
import { play, unlockSound } from '../shared/page/tones.ts';
import { getJson } from '../shared/server/api.ts';
import { type Following, follow } from '../shared/server/live.ts';

const slug = pagePlace().store;
const path = `/stores/${encodeURIComponent(slug)}`;
/** What the QR code says. */
export const joinAddress = `${publicBase()}/w/${encodeURIComponent(slug)}`;

export const store = signal<StoreView | null>(null);
export const door = signal<Door | null>(null);
export const following = signal<Following | null>(null);
export const missing = signal(false);
/** Numbers that were called a moment ago: shown with a light. */
export const fresh = signal<ReadonlySet<number>>(new Set());

/** The time it takes to look up and find one's number. */
const CALL_MS = 15_000;
const CALL = { hz: [1047, 784], shape: 'sine', stepS: 0.36, lengthS: 0.9, volume: 0.6 } as const;
let timer: ReturnType<typeof setTimeout> | undefined;

function show(next: Door): boolean {
  const before = door.value;
  if (JSON.stringify(before) === JSON.stringify(next)) return false;
  door.value = next;
  // What hangs there at the beginning was called before; a party that is called again has another time.
  const known = new Set(before?.calls.map(({ number, calledAt }) => `${number} ${calledAt}`));
  const called = before ? next.calls.filter(({ number, calledAt }) => !known.has(`${number} ${calledAt}`)) : [];
  if (called.length > 0) {
    fresh.value = new Set(called.map(({ number }) => number));
    play(CALL);
    clearTimeout(timer);
    timer = setTimeout(() => {
      fresh.value = new Set();
    }, CALL_MS);
  }
  return true;
}

export function startDoor(): void {
  for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, () => void unlockSound());
  // A screen set up as a kiosk may be heard from the beginning.
  void unlockSound();
  following.value = follow({
    url: `/api/v1${path}/door/events`,
    events: { door: (data) => void show(data as Door) },
    refresh: async () => show(await getJson<Door>(`${path}/door`)),
    onRefused: () => {
      missing.value = true;
    },
  });
  void getJson<StoreView>(path).then(
    (found) => {
      store.value = found;
    },
    // The display works without the store's name.
    () => {},
  );
}
