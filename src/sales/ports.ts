export type { OrderRef } from '../contract/index.ts';
export type { Access } from '../staff/index.ts';
export type { Store, StoreDirectory } from '../store/index.ts';
