export type { Announcer } from '../platform/live/announcer.ts';
export type { Store, StoreDirectory, TableKeys } from '../store/index.ts';
