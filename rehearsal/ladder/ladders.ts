import { cacheLadder } from './cache-ladder.ts';
import type { Ladder, Rung } from './rung.ts';
import { strategyLadder } from './strategy-ladder.ts';

/** Every ladder that can be climbed. */
export const LADDERS: readonly Ladder[] = [cacheLadder, strategyLadder];

/** What `--ladder` takes. */
export const LADDER_NAMES = ['cache', 'strategy', 'all'] as const;
export type LadderName = (typeof LADDER_NAMES)[number];

export interface PlacedRung {
  readonly ladder: Ladder;
  readonly rung: Rung;
}

const all = (): PlacedRung[] => LADDERS.flatMap((ladder) => ladder.rungs.map((rung) => ({ ladder, rung })));

/**
 * The rungs of these names in the order given; without names the whole ladder, or both.
 * @throws RangeError that names the one that there is not, and those that there are
 */
export function findRungs(names: readonly string[] | undefined, wanted: LadderName = 'cache'): PlacedRung[] {
  if (!names) return all().filter(({ ladder }) => wanted === 'all' || ladder.name === wanted);
  return names.map((name) => {
    const found = all().find(({ rung }) => rung.name === name);
    if (!found) {
      const known = all().map(({ rung }) => rung.name);
      throw new RangeError(`There is no rung ${name}; there are ${known.join(', ')}.`);
    }
    return found;
  });
}
