export type { OrderRef } from '../contract/index.ts';
export type { Announcer } from '../platform/live/announcer.ts';
export type { Access } from '../staff/index.ts';
export type {
  KitchenRoom,
  LockStores,
  MinuteRange,
  PacedStore,
  StatedState,
  Store,
  StoreDirectory,
  StorePacing,
} from '../store/index.ts';

import type { OrderRef, OrderStatus } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

/** The order behind the tickets: locked before they change, moved on when they have. */
export interface OrderProgress {
  /** @returns undefined when there is no such order */
  lock(
    tx: Queryable,
    ref: OrderRef,
  ): Promise<
    | {
        readonly status: OrderStatus;
        readonly promisedAtMs: number;
        moveTo(status: OrderStatus, nowMs: number): Promise<void>;
      }
    | undefined
  >;
}
