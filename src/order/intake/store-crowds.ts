import { createRateByKey } from '../../platform/overload/rate-by-key.ts';

/** Which stores bring so many orders that others would wait for theirs if they shared a transaction. */
export interface StoreCrowds {
  /** One order of this store came in. */
  came(storeId: string): void;
  has(storeId: string): boolean;
  /** How many orders of this store come a second lately. */
  perSecond(storeId: string): number;
}

/** A crowd that has gone is known to be gone after this; shorter than a wave's pauses, and its orders would go in with the others'. */
const CROWD_MS = 1_000;
/** Not a store's id. */
const ALL = '';

/**
 * A store has a crowd while it brings `perSecond` orders or more a second, and `share` of all: by that there are never more crowds than groups
 * for them, and a thousand stores that are equally busy go on sharing their transactions.
 */
export function createStoreCrowds({
  perSecond,
  share,
  nowMs,
}: {
  readonly perSecond: number;
  readonly share: number;
  readonly nowMs: () => number;
}): StoreCrowds {
  const rates = createRateByKey(nowMs);
  const untilMs = new Map<string, number>();
  return {
    came(storeId) {
      const [all, own] = [rates.count(ALL, 1), rates.count(storeId, 1)];
      if (own >= perSecond && own >= share * all) untilMs.set(storeId, nowMs() + CROWD_MS);
    },
    has(storeId) {
      const until = untilMs.get(storeId);
      if (until === undefined || until > nowMs()) return until !== undefined;
      untilMs.delete(storeId);
      return false;
    },
    perSecond: rates.read,
  };
}
