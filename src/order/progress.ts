import type { OrderEvent, OrderStatus } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { Announcer, OrderRef } from './ports.ts';

/** An order whose row this transaction holds locked. */
export interface LockedOrder extends OrderRef {
  readonly number: number;
  readonly status: OrderStatus;
  readonly day: string;
  readonly promisedAt: string;
  readonly atTable: boolean;
  readonly lastSeq: number;
}

/** Locks one order; whoever changes its status or its tickets holds this lock, so their steps never cross. */
export async function lockOrder(tx: Queryable, { storeId, id }: OrderRef): Promise<LockedOrder | undefined> {
  const { rows } = await tx.query<{
    number: number;
    status: OrderStatus;
    day: string;
    promised_at: Date;
    at_table: boolean;
  }>(
    'SELECT number, status, day, promised_at, table_label IS NOT NULL AS at_table FROM orders WHERE store_id = $1 AND id = $2 FOR UPDATE',
    [storeId, id],
    'lock-order',
  );
  const row = rows[0];
  if (!row) return undefined;
  // A statement of its own: the one above may have waited, and this must see what was written meanwhile.
  const events = await tx.query<{ seq: number }>(
    'SELECT max(seq) AS seq FROM order_event WHERE store_id = $1 AND order_id = $2',
    [storeId, id],
    'last-order-event',
  );
  return {
    storeId,
    id,
    number: row.number,
    status: row.status,
    day: row.day,
    promisedAt: row.promised_at.toISOString(),
    atTable: row.at_table,
    lastSeq: events.rows[0]?.seq ?? 0,
  };
}

/** Promises an order that waited for its money as much later as it waited; under its store's lock. */
export async function promiseLater(tx: Queryable, { storeId, id }: OrderRef, now: Date): Promise<void> {
  const { rows } = await tx.query<{ at: string }>(
    `SELECT (promised_at + greatest($3 - placed_at, interval '0'))::text AS at FROM orders WHERE store_id = $1 AND id = $2`,
    [storeId, id, now],
    'later-promise',
  );
  if (!rows[0]) return;
  await tx.query(
    'UPDATE orders SET promised_at = $3 WHERE store_id = $1 AND id = $2',
    [storeId, id, rows[0].at],
    'promise-later',
  );
}

/** Moves a locked order to another status, writes the event and tells whoever watches. */
export async function setOrderStatus(
  tx: Queryable,
  order: LockedOrder,
  status: OrderStatus,
  nowMs: number,
  announcer: Announcer,
  details: Pick<OrderEvent, 'portionsReturned' | 'reason'> = {},
): Promise<void> {
  if (order.status === status) return;
  const event: OrderEvent = {
    orderId: order.id,
    seq: order.lastSeq + 1,
    status,
    at: new Date(nowMs).toISOString(),
    promisedAt: order.promisedAt,
    ...details,
  };
  await Promise.all([
    tx.query(
      'UPDATE orders SET status = $3 WHERE store_id = $1 AND id = $2',
      [order.storeId, order.id, status],
      'set-order-status',
    ),
    tx.query(
      `INSERT INTO order_event (store_id, order_id, seq, status, at, promised_at, portions_returned, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        order.storeId,
        order.id,
        event.seq,
        status,
        event.at,
        event.promisedAt,
        event.portionsReturned ?? null,
        event.reason ?? null,
      ],
      'insert-order-event',
    ),
    announcer.announce(tx, [
      { kind: 'order', storeId: order.storeId, number: order.number, event, atTable: order.atTable },
    ]),
  ]);
}
