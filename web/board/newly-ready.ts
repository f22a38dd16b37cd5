import type { PickUpBoard } from '../../src/contract/board.ts';

/** The numbers that are ready now and were not before. */
export const newlyReady = (before: PickUpBoard, now: PickUpBoard): number[] =>
  now.ready.filter((number) => !before.ready.includes(number));

const same = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((each, at) => each === b[at]);

export const sameBoard = (a: PickUpBoard, b: PickUpBoard): boolean =>
  same(a.cooking, b.cooking) && same(a.ready, b.ready);
