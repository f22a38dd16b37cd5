import type { OrderStatus } from '../../../src/contract/index.ts';
import type { Head, Party } from '../../../src/waitlist/parties.ts';

/** The rows of the simulated database, each named as the statements that read it name its columns. */
export interface Tables {
  store_head: {
    readonly storeId: string;
    readonly day: string;
    readonly lastNumber: number;
    readonly stockVersion: number;
  };
  stock: {
    readonly storeId: string;
    readonly itemId: string;
    readonly count: number;
    readonly day: string;
    readonly offered: number | null;
    readonly sold: number;
  };
  orders: {
    readonly storeId: string;
    readonly id: string;
    readonly number: number;
    readonly day: string;
    readonly total: number;
    readonly status: OrderStatus;
    readonly placedAt: Date;
    readonly promisedAt: Date;
    readonly hash: string;
  };
  order_line: {
    readonly storeId: string;
    readonly orderId: string;
    readonly line: number;
    readonly itemId: string;
    readonly quantity: number;
    readonly unitPrice: number;
    readonly fromCount: number | null;
  };
  order_event: {
    readonly storeId: string;
    readonly orderId: string;
    readonly seq: number;
    readonly status: OrderStatus;
    readonly at: Date;
    readonly promisedAt: Date;
    readonly portionsReturned: boolean | null;
  };
  ticket: { readonly storeId: string; readonly orderId: string; readonly status: 'placed' | 'cancelled' };
  waitlist_head: Head & { readonly storeId: string; readonly clearedDay: string };
  party: Party;
  job: {
    readonly id: string;
    readonly kind: string;
    readonly payload: unknown;
    readonly attempts: number;
    readonly attemptsMax: number;
    readonly priority: number;
    readonly runAtMs: number;
    readonly lockedBy: string | null;
  };
}

export type TableName = keyof Tables;
