import type { SeedCatalogue, StoreIds } from './catalogue.ts';
import { CopyRows } from './copy-rows.ts';

/** The rows of one batch of orders, a buffer for each table. */
export interface OrderRows {
  readonly orders: CopyRows;
  readonly lines: CopyRows;
  readonly events: CopyRows;
  readonly tickets: CopyRows;
}

export const createOrderRows = (): OrderRows => ({
  orders: new CopyRows(),
  lines: new CopyRows(),
  events: new CopyRows(),
  tickets: new CopyRows(),
});

/** Which columns the buffers hold. */
export const COPY_TARGETS = {
  orders: 'orders (store_id, id, number, day, table_label, status, total, placed_at, promised_at, request_hash)',
  lines: 'order_line (store_id, order_id, line, item_id, quantity, unit_price, options)',
  events: 'order_event (store_id, order_id, seq, status, at, promised_at)',
  tickets:
    'ticket (store_id, order_id, station, number, table_label, round, status, version, placed_at, changed_at, lines)',
} as const satisfies Record<keyof OrderRows, string>;

/** A store that is seeded. */
export interface Venue {
  readonly catalogue: SeedCatalogue;
  readonly ids: StoreIds;
  readonly tables: number;
  readonly prepMinutes: number;
}

/** One order while it is being made. */
export interface OrderDraft {
  /** Its id's 16 bytes. */
  readonly id: Buffer;
  readonly number: number;
  readonly table: string | null;
  readonly placedMs: number;
  readonly promisedMs: number;
}
