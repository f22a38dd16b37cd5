import { signal } from '@preact/signals';
import type { PickUpBoard } from '../../src/contract/board.ts';
import { createWallState, followWall } from '../shared/page/wall-state.ts';
import { chime } from './chime.ts';
import { type Label, newlyReady, sameBoard } from './newly-ready.ts';

export const wall = createWallState();
export const board = signal<PickUpBoard | null>(null);
/** The numbers that have just become ready: shown with a light, and read out by a screen reader. */
export const called = signal<readonly Label[]>([]);

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

export const startBoard = (): void => followWall<PickUpBoard>(wall, 'board', show);
