import { signal } from '@preact/signals';
import type { Door } from '../../src/contract/waitlist.ts';
import { pagePlace, publicBase } from '../shared/page/boot.ts';
import { play, unlockSound } from '../shared/page/tones.ts';
import { createWallState, followWall } from '../shared/page/wall-state.ts';

/** What the QR code says. */
export const joinAddress = `${publicBase()}/w/${encodeURIComponent(pagePlace().store)}`;

export const wall = createWallState();
export const door = signal<Door | null>(null);
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
  followWall<Door>(wall, 'door', show);
}
