export type { OrderRef } from '../order/index.ts';
export type { Access } from '../staff/index.ts';
export type { Store, StoreDirectory } from '../store/index.ts';
