import type { Role } from '../contract/index.ts';

export type { OrderRef } from '../contract/index.ts';
export type { Announcer } from '../platform/live/announcer.ts';
export type { LockStores, Store, StoreDirectory, TableKeys } from '../store/index.ts';

/** Who changes a bill. */
export interface Actor {
  readonly role: Role;
  /** As the receipt's back says it; `key` for who came with a key. */
  readonly name: string;
}
