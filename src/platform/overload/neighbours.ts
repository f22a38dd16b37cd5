/** How long guests of other stores wait beside a flood, held against how long they wait without one. */
export interface Neighbours {
  /** One of their orders was answered. @param isBesideFlood whether there was a flood when it came */
  ended(tookMs: number, isBesideFlood: boolean): void;
  /** By what factor the flood's limit is to change for those who were answered since it was last asked: 1 where nobody was, as nothing is known then. */
  change(): number;
}

export interface NeighboursBounds {
  /** Beside a flood an order may take so many times as long as without one, on average. */
  readonly times: number;
  /** And so long in any case, in milliseconds. */
  readonly leastMs: number;
  /** What it may take where nobody has ordered without a flood yet, in milliseconds. */
  readonly unknownMs: number;
}

/**
 * What an order takes without a flood is a mean over about so long, in milliseconds. Shorter, and the second or two in which a flood is not known to be one would
 * count; longer, and what the first orders of a process took would.
 */
const QUIET_MEMORY_MS = 20_000;
/** However long ago the one before came, an order is at most so much of it; */
const QUIET_WEIGHT_MAX = 0.05;
/** the first ones are as much each, */
const QUIET_FIRST = 50;
/** and one counts as this many times the mean at most: a hiccup is no rule, and neither is a flood that has just begun. */
const QUIET_TIMES_MAX = 2;
/** An order that took no time raises the limit by so much, one that took twice what it may lowers it by as much. */
const STEP = 0.05;
/** One that took longer than so many times what it may counts as if it had not: one long turn of the event loop makes many late at once. */
const LATE_TIMES_MAX = 4;

/**
 * A flood shares the event loop, the database and their core with whoever orders next door, so how much of it can be let in is found out from how long those
 * take. Each answered order moves the limit by how far it was from what it may take, so on average it takes just that, be they forty a second or one. (With a
 * mean for each round the rounds with few and quick orders would count as much as those with many slow ones.)
 */
export function createNeighbours({ times, leastMs, unknownMs }: NeighboursBounds, now: () => number): Neighbours {
  let quietMs: number | undefined;
  let quietAtMs = 0;
  let quietOrders = 0;
  let change = 0;

  function learn(tookMs: number): void {
    const nowMs = now();
    quietOrders += 1;
    const weight =
      quietOrders <= QUIET_FIRST ? 1 / quietOrders : Math.min(QUIET_WEIGHT_MAX, (nowMs - quietAtMs) / QUIET_MEMORY_MS);
    quietAtMs = nowMs;
    quietMs =
      quietMs === undefined ? tookMs : quietMs + weight * (Math.min(tookMs, QUIET_TIMES_MAX * quietMs) - quietMs);
  }

  return {
    ended(tookMs, isBesideFlood) {
      if (!isBesideFlood) return learn(tookMs);
      const mayMs = quietMs === undefined ? unknownMs : Math.max(leastMs, times * quietMs);
      change += STEP * (1 - Math.min(LATE_TIMES_MAX, tookMs / mayMs));
    },
    change() {
      const factor = Math.exp(change);
      change = 0;
      return factor;
    },
  };
}
