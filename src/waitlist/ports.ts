export type { Announcer } from '../order/index.ts';
export type { Access } from '../staff/index.ts';
export type { Store, StoreDirectory } from '../store/index.ts';

/** A party's whole address. */
export interface PartyRef {
  readonly storeId: string;
  readonly id: string;
}
