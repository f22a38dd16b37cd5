export type { Announcer } from '../platform/live/announcer.ts';
export type { Access } from '../staff/index.ts';
export type { LockStores, Store, StoreDirectory } from '../store/index.ts';
