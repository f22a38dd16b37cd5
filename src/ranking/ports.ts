import type { RankingWindow } from '../contract/index.ts';

export type { OrderRef } from '../contract/index.ts';
export type { StoreDirectory } from '../store/index.ts';

/** Whose ranking it is: one store's; or one of several stores', by the brand's id or {@link EVERYBODY}. */
export type Place = `store/${string}` | `wide/${string}`;

export const EVERYBODY: Place = 'wide/00000000-0000-0000-0000-000000000000';

export const kindOf = (place: Place): 'store' | 'wide' => (place.startsWith('store/') ? 'store' : 'wide');

export const idOf = (place: Place): string => place.slice(place.indexOf('/') + 1);

/** Portions of a dish in an hour. */
export type HourCount = readonly [hour: number, itemId: string, portions: number];

/** What one transaction changed of a place's counts. */
export interface CountChange {
  readonly place: Place;
  /** Each place's changes are numbered without a gap, in the order in which they were committed. */
  readonly seq: number;
  /** What was added; below zero: taken back. */
  readonly counts: readonly HourCount[];
}

/** A part of the truth, as it was read from Postgres. */
export interface TruthPart {
  readonly place: Place;
  /** How many portions there are, and not how many came. */
  readonly counts: readonly HourCount[];
  /** With this part, what last changed by this or an earlier change is right. */
  readonly upTo: number;
  /** The last change that was committed when this was read. */
  readonly readAt: number;
  /** Nothing is missing up to `readAt`. */
  readonly isLast: boolean;
}

export interface Ranked {
  readonly itemId: string;
  readonly count: number;
  /** From 1; null: not in the window before. */
  readonly rankBefore: number | null;
}

/**
 * Counts by hour, merged into windows, of the places that somebody reads. All of it is made from Postgres and may be lost. What is
 * kept is always a state that Postgres had: a change is added when it is exactly the next one, and anything else is not added but reported,
 * so work that runs twice, late or in another order can count nothing twice.
 */
export interface RankingCounts {
  /**
   * Adds what was committed. What nobody reads is not kept and not missed.
   * @returns places that lack an earlier change: they must be caught up from Postgres
   */
  add(changes: readonly CountChange[]): Promise<readonly Place[]>;
  /** The change that each place is up to; undefined: it is not kept. */
  upTo(places: readonly Place[]): Promise<readonly (number | undefined)[]>;
  /** Begins to keep a place; one that is kept goes on. @returns the change that it is up to, -1 for none */
  begin(place: Place, hour: number): Promise<number>;
  /** @returns false when it knows later changes than this part, or is not kept any more: read again */
  set(part: TruthPart): Promise<boolean>;
  /** Moves the windows on to this hour. @returns equal for equal rankings; undefined: not kept, or not wholly read yet */
  versions(places: readonly Place[], hour: number): Promise<readonly (string | undefined)[]>;
  /** The most wanted dishes, equal counts by the id, the larger first. @returns undefined: not kept */
  top(place: Place, window: RankingWindow, limit: number): Promise<readonly Ranked[] | undefined>;
}
