export type { Announcer } from '../platform/live/announcer.ts';
export type { Access } from '../staff/index.ts';
export type { StoreDirectory } from '../store/index.ts';

import type { Store } from '../store/index.ts';

/** What a line needs to know of its store. */
export type LineStore = Pick<Store, 'id' | 'timeZone' | 'dayStartsHour'>;

/** A party's whole address. */
export interface PartyRef {
  readonly storeId: string;
  readonly id: string;
}
