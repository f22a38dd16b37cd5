import type { OrderRef, OrderStatus } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

export type { GroupBills, TableBill, TableBills } from '../bill/index.ts';
export type { LiveMessage, OrderRef } from '../contract/index.ts';
export type { GroupPace, Pacing } from '../kitchen/index.ts';
export type { Catalogue, CatalogueItem, Catalogues, SoldOutItems } from '../menu/index.ts';
export type { Announcer } from '../platform/live/announcer.ts';
export type { KitchenRoom, LockStores, StatedState, Store, StoreDirectory, TableKeys } from '../store/index.ts';

/** A change of a line that was written down, and what its order was by then. */
export interface NotedChange {
  /** Of the change, a UUIDv7. */
  readonly id: string;
  readonly number: number;
  readonly status: OrderStatus;
  /** Of the order's last event. */
  readonly seq: number;
  readonly at: Date;
  readonly by: string;
}

/** What the commit of an order starts: run inside its transaction, or put into the job queue by it. */
export interface OrderJobs {
  /** Whether `orderPlaced` sends all of its statements before any is answered; see `commitWith`. */
  readonly sendsAtOnce: boolean;
  orderPlaced(tx: Queryable, orders: readonly OrderRef[]): Promise<void>;
  /**
   * Orders that are there already were sent again. Asked where stores are spread over machines: a transaction of one machine is committed
   * there first, so a coordinator that dies in that moment has the order and not its jobs. Its guest was not answered and asks again.
   */
  orderReplayed(tx: Queryable, orders: readonly OrderRef[]): Promise<void>;
  /** Always inside the transaction: the kitchen must not cook what was taken back. */
  orderCancelled(tx: Queryable, order: OrderRef): Promise<void>;
}
