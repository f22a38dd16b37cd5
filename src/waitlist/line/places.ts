import type { LiveMessage } from '../../contract/index.ts';
import { sizeClassOf } from '../eta/size-class.ts';

/** What came of a change of a line: who stands where now, `null` for who stands in it no more. `moves: null`: too much to say. */
export type LineChange = Extract<LiveMessage, { kind: 'waitlist' }>;
export type LineMove = NonNullable<LineChange['moves']>[number];

/** Somebody who waits. */
export interface Waiting {
  readonly id: string;
  readonly size: number;
}

export interface Place {
  /** How many wait before it. */
  readonly ahead: number;
  /** How many of those are of its own class of size, and so wait for the same tables. */
  readonly aheadOfSize: number;
}

/**
 * Where each party stands among those who wait. A copy of what Postgres knows, which may be lost at any moment and is then made
 * again in the same order; asking costs O(log n) in a line of n.
 */
export interface Places {
  /** @returns undefined for one that does not wait; the copy was compared with Postgres when it did not know one */
  of(storeId: string, parties: readonly Waiting[]): Promise<(Place | undefined)[]>;
  /** How many of a class of size wait; for who joins at the end. */
  countOfSize(storeId: string, sizeClass: number): Promise<number>;
  /** A change has committed. Told in any order, once or several times; what was never told is found out within seconds. */
  moved(change: LineChange): Promise<void>;
}

/** In which lists a party stands: that of all, and that of its class of size. */
export const listsOf = (size: number): [all: 0, ofSize: number] => [0, 1 + sizeClassOf(size)];
