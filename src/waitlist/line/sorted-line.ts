import { SIZE_CLASSES } from '../eta/size-class.ts';
import type { Line } from './line-truth.ts';
import { type LineMove, listsOf, type Place, type Waiting } from './places.ts';

/**
 * A line in memory: the positions of those who wait, sorted, in all and by class of size. A rank is a binary search. Taking one
 * out of the middle moves those behind by one, which at 20,000 is a memmove of 160 KB, some microseconds; a balanced tree
 * would save those and cost more at every other size.
 */
export class SortedLine {
  readonly #lists: number[][] = [[], ...SIZE_CLASSES.map(() => [])];
  readonly #positions = new Map<string, number>();

  constructor({ waiting }: Pick<Line, 'waiting'>) {
    for (const { id, size, position } of waiting) {
      this.#positions.set(id, position);
      for (const list of listsOf(size)) this.#lists[list]!.push(position);
    }
  }

  apply(moves: readonly LineMove[]): void {
    // Out first, then in: those who change places stand on each other's positions meanwhile.
    for (const { id, size } of moves) {
      const position = this.#positions.get(id);
      if (position === undefined) continue;
      this.#positions.delete(id);
      for (const list of listsOf(size)) this.#lists[list]!.splice(rankOf(this.#lists[list]!, position), 1);
    }
    for (const { id, size, position } of moves) {
      if (position === null) continue;
      this.#positions.set(id, position);
      for (const list of listsOf(size)) this.#lists[list]!.splice(rankOf(this.#lists[list]!, position), 0, position);
    }
  }

  place({ id, size }: Waiting): Place | undefined {
    const position = this.#positions.get(id);
    if (position === undefined) return undefined;
    const [ahead, aheadOfSize] = listsOf(size).map((list) => rankOf(this.#lists[list]!, position)) as [number, number];
    return { ahead, aheadOfSize };
  }

  countOfSize = (sizeClass: number): number => this.#lists[1 + sizeClass]!.length;

  get length(): number {
    return this.#positions.size;
  }
}

/** How many are smaller. */
function rankOf(sorted: readonly number[], position: number): number {
  // Whoever joins goes to the end.
  if (sorted.length === 0 || sorted.at(-1)! < position) return sorted.length;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
