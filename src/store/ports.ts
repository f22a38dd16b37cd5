import type { StoreState } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { Opening } from '../platform/opening-hours.ts';

export type { Access } from '../staff/index.ts';

/** A state and who said it: a person or the load, and these are written down, or the store's hours. */
export interface StatedState {
  readonly state: StoreState;
  readonly by: 'hand' | 'pacing' | 'hours';
  readonly reason: string | null;
  readonly untilMs: number | null;
}

/** What a kitchen with limits has room for. */
export interface KitchenRoom {
  /** Orders of the usual size that can come before it is full; 0 while it takes none. */
  readonly orders: number;
  /** Such orders that leave it a minute, at the rate of the station that is the bound. */
  readonly perMinute: number;
  /** Orders for which there is room at once when a kitchen that was full takes orders again. */
  readonly wave: number;
  /** Minutes until a full kitchen takes orders again, not rounded and not by the clock; 0: it takes them, or nobody knows. */
  readonly closedMinutes: number;
  /** When a pause that a person set ends; null: there is none, or it has no end. */
  readonly untilMs: number | null;
}

/** Minutes from and to. */
export interface MinuteRange {
  readonly from: number;
  readonly to: number;
}

/** How a store is doing, for whoever looks. */
export interface PaceView {
  readonly stated: StatedState;
  readonly promisedMinutes: number;
  readonly promisedRange: MinuteRange | null;
  readonly room: KitchenRoom | null;
}

/** A store as far as its pace goes. */
export interface PacedStore extends Opening {
  readonly id: string;
  readonly prepMinutes: number;
}

/** How fast a store's kitchen is, as this room asks it: what is kept of a pace is the kitchen's own. */
export interface StorePacing<Pace = unknown> {
  /** Of those among these stores that have pacing, by one statement. */
  read(on: Queryable, storeIds: readonly string[]): Promise<ReadonlyMap<string, Pace>>;
  /** @param pace unset: the store has no pacing */
  view(store: PacedStore, stated: StatedState, pace: Pace | undefined, nowMs: number): PaceView;
  /** The state of a store in which a person says "open": held for a while where the load would close it again at once. */
  opened(store: PacedStore, pace: Pace | undefined, nowMs: number): StatedState;
}
