import type { PickUpBoard } from '../../src/contract/board.ts';

/** A number as it hangs on the board. */
export interface Label {
  readonly number: number;
  /** Tells two orders with the same number apart (yesterday's and today's): 1 for the one that hangs there longest. */
  readonly nth: number;
}

/** The numbers of one list, the latest first, each with what keeps it apart from the same number below it. */
export function toLabels(numbers: readonly number[]): Label[] {
  const seen = new Map<number, number>();
  return numbers.toReversed().map(countUp).toReversed();

  function countUp(number: number): Label {
    const nth = (seen.get(number) ?? 0) + 1;
    seen.set(number, nth);
    return { number, nth };
  }
}

export const isAmong = (labels: readonly Label[], { number, nth }: Label): boolean =>
  labels.some((each) => each.number === number && each.nth === nth);

/** What is ready now and was not before. */
export function newlyReady(before: PickUpBoard, now: PickUpBoard): Label[] {
  const known = toLabels(before.ready);
  return toLabels(now.ready).filter((label) => !isAmong(known, label));
}

const same = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((each, at) => each === b[at]);

export const sameBoard = (a: PickUpBoard, b: PickUpBoard): boolean =>
  same(a.cooking, b.cooking) && same(a.ready, b.ready);
