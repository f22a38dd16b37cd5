export type { Announcer } from '../order/index.ts';
export type { Store, StoreDirectory, TableKeys } from '../store/index.ts';
