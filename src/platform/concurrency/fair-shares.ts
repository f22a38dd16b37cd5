/** How much of what is still free one holder may have; 1 leaves half to others, 1/4 four fifths. */
export type ShareOfFree = number;

export interface FairSharesBounds<Dimension extends string> {
  /** Places in all. */
  readonly placesMax: number;
  /** By what holders are told apart, such as store and client. Without one nobody is bounded by it. */
  readonly shares: { readonly [dimension in Dimension]?: ShareOfFree };
}

/** Whom a place is for. */
export type Holders<Dimension extends string> = { readonly [dimension in Dimension]?: string };

/** A bounded number of places of which no holder takes the others' share. */
export interface FairShares<Dimension extends string> {
  /** @returns whether there was a place for these holders; it is theirs until it is given back */
  take(holders: Holders<Dimension>): boolean;
  /** Gives back one place that these holders had taken. */
  giveBack(holders: Holders<Dimension>): void;
  readonly taken: number;
}

/**
 * Each holder may have at most `share` × the places that are free, so that its bound falls by itself as others come: alone with a
 * share of 1 it has half of all, two have a third each, and there is always a place left for one who has none. A fixed bound would
 * be too low for a dining room on a quiet evening or too high for ten greedy clients at once. Nobody loses a place that they have.
 *
 * The dynamic thresholds of A. K. Choudhury and E. L. Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches",
 * IEEE/ACM Transactions on Networking 6 (2), 1998: n holders with share a have a / (1 + a n) of the places each.
 */
export function createFairShares<Dimension extends string>({
  placesMax,
  shares,
}: FairSharesBounds<Dimension>): FairShares<Dimension> {
  const dimensions = Object.entries(shares) as [Dimension, ShareOfFree][];
  const held = dimensions.map(() => new Map<string, number>());
  let taken = 0;

  function count(holders: Holders<Dimension>, by: 1 | -1): void {
    taken += by;
    for (const [index, [dimension]] of dimensions.entries()) {
      const holder = holders[dimension];
      if (holder === undefined) continue;
      const now = (held[index]!.get(holder) ?? 0) + by;
      if (now === 0) held[index]!.delete(holder);
      else held[index]!.set(holder, now);
    }
  }

  return {
    take(holders) {
      const free = placesMax - taken;
      if (free <= 0) return false;
      for (const [index, [dimension, share]] of dimensions.entries()) {
        const holder = holders[dimension];
        // The first place is given as long as there is one.
        if (holder !== undefined && (held[index]!.get(holder) ?? 0) >= Math.max(1, share * free)) return false;
      }
      count(holders, 1);
      return true;
    },
    giveBack: (holders) => count(holders, -1),
    get taken() {
      return taken;
    },
  };
}
