import { signal } from '@preact/signals';
import type { PickUpBoard } from '../../src/contract/board.ts';
import type { StoreView } from '../../src/contract/store.ts';
import { pagePlace } from '../shared/page/boot.ts';
import { getJson } from '../shared/server/api.ts';
import { type Following, follow } from '../shared/server/live.ts';
import { chime } from './chime.ts';
import { type Label, newlyReady, sameBoard } from './newly-ready.ts';

const path = `/stores/${encodeURIComponent(pagePlace().store)}`;

export const store = signal<StoreView | null>(null);
export const board = signal<PickUpBoard | null>(null);
/** The numbers that have just become ready: shown with a light, and read out by a screen reader. */
export const called = signal<readonly Label[]>([]);
export const following = signal<Following | null>(null);
export const missing = signal(false);

/** A number stands out for this long: the time it takes to look up and find it. */
const CALL_MS = 12_000;
let timer: ReturnType<typeof setTimeout> | undefined;

function show(next: PickUpBoard): boolean {
  const before = board.value;
  if (before && sameBoard(before, next)) return false;
  board.value = next;
  // What hangs there at the beginning was called before.
  const fresh = before ? newlyReady(before, next) : [];
  if (fresh.length > 0) {
    called.value = fresh;
    chime();
    clearTimeout(timer);
    timer = setTimeout(() => {
      called.value = [];
    }, CALL_MS);
  }
  return true;
}

export function startBoard(): void {
  following.value = follow({
    url: `/api/v1${path}/board/events`,
    events: { board: (data) => void show(data as PickUpBoard) },
    refresh: async () => show(await getJson<PickUpBoard>(`${path}/board`)),
    onRefused: () => {
      missing.value = true;
    },
  });
  void getJson<StoreView>(path).then(
    (found) => {
      store.value = found;
    },
    // The board works without the store's name.
    () => {},
  );
}
