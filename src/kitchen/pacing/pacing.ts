import type { Queryable } from '../../platform/db/pool.ts';
import { createGroupPace, type GroupPace } from './group-pace.ts';
import { type AddedPortions, addPortions, type KeptPace, readPaces } from './queries.ts';
import { type KitchenPace, type MinuteRange, OPEN, promise, rangeOf, type StatedState, stateNow } from './rules.ts';

/** A store as far as its pace goes. */
interface PacedStore {
  readonly id: string;
  readonly prepMinutes: number;
}

/** How a store is doing, for whoever looks. */
export interface PaceView {
  readonly stated: StatedState;
  readonly promisedMinutes: number;
  readonly promisedRange: MinuteRange | null;
}

/** Who takes orders how fast, and what they are promised: the store room and the order room ask, and know nothing of stations. */
export interface Pacing {
  /** Of those among these stores that have pacing, by one statement. */
  read(on: Queryable, storeIds: readonly string[]): Promise<ReadonlyMap<string, KeptPace>>;
  /** @param pace unset: the store has no pacing */
  view(store: PacedStore, stated: StatedState, pace: KeptPace | undefined, nowMs: number): PaceView;
  /** For deciding a group of orders under the store's lock. */
  begin(store: PacedStore, stated: StatedState, pace: KeptPace | undefined, nowMs: number): GroupPace;
  /** Counts what a group took, by one statement. */
  add(tx: Queryable, added: readonly AddedPortions[]): Promise<void>;
  /** The state of a store in which a person says "open": held for a while where the load would close it again at once. */
  opened(store: PacedStore, pace: KeptPace | undefined, nowMs: number): StatedState;
}

/** Whoever opens a full kitchen by hand has so long until the load counts again. */
const HELD_OPEN_MS = 10 * 60_000;

const withMinutes = (pace: KeptPace | undefined, { prepMinutes }: PacedStore): KitchenPace | undefined =>
  pace && { ...pace, prepMinutes };

export const pacing: Pacing = {
  read: readPaces,
  view(store, before, kept, nowMs) {
    const pace = withMinutes(kept, store);
    const stated = stateNow(before, pace, nowMs);
    const promisedMinutes = promise(
      pace ?? { ...store, strategy: 'fixed', correction: null, spread: null, stations: [] },
      stated,
    );
    return { stated, promisedMinutes, promisedRange: rangeOf(pace, promisedMinutes) };
  },
  begin: (store, stated, kept, nowMs) => createGroupPace(stated, withMinutes(kept, store), store.prepMinutes, nowMs),
  add: addPortions,
  opened(store, kept, nowMs) {
    const byLoad = stateNow(OPEN, withMinutes(kept, store), nowMs);
    if (byLoad.state !== 'paused') return OPEN;
    return { state: 'open', by: 'hand', reason: null, untilMs: nowMs + HELD_OPEN_MS };
  },
};
