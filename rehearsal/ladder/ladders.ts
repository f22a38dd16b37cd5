import { cacheLadder } from './cache-ladder.ts';
import type { Ladder, Rung } from './rung.ts';

/** Every ladder that can be climbed; the strategy ladder takes its place here. */
export const LADDERS: readonly Ladder[] = [cacheLadder];

export interface PlacedRung {
  readonly ladder: Ladder;
  readonly rung: Rung;
}

const all = (): PlacedRung[] => LADDERS.flatMap((ladder) => ladder.rungs.map((rung) => ({ ladder, rung })));

/**
 * The rungs of these names in the order given; without names the whole cache ladder.
 * @throws RangeError that names the one that there is not, and those that there are
 */
export function findRungs(names: readonly string[] | undefined): PlacedRung[] {
  if (!names) return all().filter(({ ladder }) => ladder === cacheLadder);
  return names.map((name) => {
    const found = all().find(({ rung }) => rung.name === name);
    if (!found) {
      const known = all().map(({ rung }) => rung.name);
      throw new RangeError(`There is no rung ${name}; there are ${known.join(', ')}.`);
    }
    return found;
  });
}
