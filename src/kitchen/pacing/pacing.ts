import type { Queryable } from '../../platform/db/pool.ts';
import { closedUntil } from '../../platform/opening-hours.ts';
import type { PacedStore, StatedState, StorePacing } from '../ports.ts';
import { createGroupPace, type GroupPace } from './group-pace.ts';
import { type AddedPortions, addPortions, type KeptPace, readPaces } from './queries.ts';
import { CLOSED, type KitchenPace, OPEN, promise, rangeOf, roomOf, stateNow } from './rules.ts';

/** How fast stores' kitchens are: the store room asks what it shows, the order room counts what it takes; both know nothing of stations. */
export interface Pacing extends StorePacing<KeptPace> {
  /** For deciding a group of orders under the store's lock. */
  begin(store: PacedStore, stated: StatedState, pace: KeptPace | undefined, nowMs: number): GroupPace;
  /** Counts what a group took, by one statement. */
  add(tx: Queryable, added: readonly AddedPortions[]): Promise<void>;
}

/** Whoever opens a full kitchen by hand has so long until the load counts again. */
const HELD_OPEN_MS = 10 * 60_000;
/** Whoever opens a closed store by hand has an evening of its own, and does not find it open in the morning. */
const HELD_OPEN_LATE_MS = 4 * 60 * 60_000;

/**
 * As the store's hours have it, where no person has said otherwise: a pause holds, and who opened a closed store opened it. A
 * pause that ends while the store is closed ends when it opens.
 */
function byHours(store: PacedStore, stated: StatedState, nowMs: number): StatedState {
  if (store.hours === null) return stated;
  const { state, by, untilMs } = stated;
  const isHeld = by === 'hand' && (untilMs === null ? state === 'paused' : state !== 'busy' && untilMs > nowMs);
  if (!isHeld) {
    const opensMs = closedUntil(store, nowMs);
    return opensMs === undefined ? stated : { state: 'paused', by: 'hours', reason: CLOSED, untilMs: opensMs };
  }
  const opensMs = state === 'paused' && untilMs !== null ? closedUntil(store, untilMs) : undefined;
  return opensMs === undefined ? stated : { ...stated, untilMs: opensMs };
}

const withMinutes = (pace: KeptPace | undefined, { prepMinutes }: PacedStore): KitchenPace | undefined =>
  pace && { ...pace, prepMinutes };

export const pacing: Pacing = {
  read: readPaces,
  view(store, before, kept, nowMs) {
    const pace = withMinutes(kept, store);
    const stated = stateNow(byHours(store, before, nowMs), pace, nowMs);
    const promisedMinutes = promise(
      pace ?? { ...store, strategy: 'fixed', correction: null, spread: null, stations: [] },
      stated,
    );
    return { stated, promisedMinutes, promisedRange: rangeOf(pace, promisedMinutes), room: roomOf(pace, stated) };
  },
  begin: (store, stated, kept, nowMs) =>
    createGroupPace(byHours(store, stated, nowMs), withMinutes(kept, store), store.prepMinutes, nowMs),
  add: addPortions,
  opened(store, kept, nowMs) {
    const opensMs = closedUntil(store, nowMs);
    if (opensMs !== undefined) {
      const untilMs = Math.min(opensMs ?? Number.POSITIVE_INFINITY, nowMs + HELD_OPEN_LATE_MS);
      return { state: 'open', by: 'hand', reason: null, untilMs };
    }
    const byLoad = stateNow(OPEN, withMinutes(kept, store), nowMs);
    if (byLoad.state !== 'paused') return OPEN;
    return { state: 'open', by: 'hand', reason: null, untilMs: nowMs + HELD_OPEN_MS };
  },
};
