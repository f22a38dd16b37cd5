import type { Name, OrderEvent, OrderStatus, OrderView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';

interface OrderRow {
  readonly store_id: string;
  readonly id: string;
  readonly number: number;
  readonly table_label: string | null;
  readonly status: OrderStatus;
  readonly total: number;
  readonly currency: string;
  readonly placed_at: Date;
  readonly promised_at: Date;
  readonly lines: readonly {
    item: string;
    ko: string;
    en: string;
    quantity: number;
    unit_price: number;
    options: readonly { id: string; ko: string; en: string; price: number }[] | null;
    note: string | null;
  }[];
}

const name = (of: { ko: string; en: string }): Name => ({ ko: of.ko, en: of.en || of.ko });

const toView = (row: OrderRow): OrderView => ({
  id: row.id,
  storeId: row.store_id,
  number: row.number,
  table: row.table_label,
  status: row.status,
  total: row.total,
  currency: row.currency,
  lines: row.lines.map((line) => ({
    itemId: line.item,
    name: name(line),
    quantity: line.quantity,
    unitPrice: line.unit_price,
    options: (line.options ?? []).map((option) => ({ id: option.id, name: name(option), price: option.price })),
    ...(line.note !== null && { note: line.note }),
    total: line.unit_price * line.quantity,
  })),
  placedAt: row.placed_at.toISOString(),
  promisedAt: row.promised_at.toISOString(),
});

/** One order with its lines, by primary key: the time does not grow with history. */
export async function readOrder(db: Queryable, { storeId, id }: OrderRef): Promise<OrderView | undefined> {
  const { rows } = await db.query<OrderRow>(
    `SELECT o.store_id, o.id, o.number, o.table_label, o.status, o.total, s.currency, o.placed_at, o.promised_at,
       (SELECT json_agg(json_build_object('item', l.item_id, 'ko', i.name_ko, 'en', i.name_en, 'quantity', l.quantity,
          'unit_price', l.unit_price, 'note', n.note, 'options',
          (SELECT json_agg(json_build_object('id', p.id, 'ko', p.name_ko, 'en', p.name_en, 'price', c.price) ORDER BY c.place)
           FROM ROWS FROM (jsonb_to_recordset(l.options) AS (id uuid, price int)) WITH ORDINALITY AS c (id, price, place)
           JOIN item_option p ON p.store_id = l.store_id AND p.id = c.id)) ORDER BY l.line)
        FROM order_line l
        JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id
        LEFT JOIN order_note n ON n.store_id = l.store_id AND n.order_id = l.order_id AND n.line = l.line
          AND n.order_id = $2
        WHERE l.store_id = $1 AND l.order_id = $2) AS lines
     FROM orders o JOIN store s ON s.id = o.store_id
     WHERE o.store_id = $1 AND o.id = $2`,
    [storeId, id],
    'read-order',
  );
  return rows[0] && toView(rows[0]);
}

/** The order's events after `afterSeq`, in order. */
export async function readOrderEvents(db: Queryable, ref: OrderRef, afterSeq: number): Promise<OrderEvent[]> {
  const { rows } = await db.query<{ seq: number; status: OrderStatus; at: Date; promised_at: Date }>(
    `SELECT seq, status, at, promised_at FROM order_event
     WHERE store_id = $1 AND order_id = $2 AND seq > $3 ORDER BY seq`,
    [ref.storeId, ref.id, afterSeq],
    'order-events',
  );
  return rows.map((row) => ({
    orderId: ref.id,
    seq: row.seq,
    status: row.status,
    at: row.at.toISOString(),
    promisedAt: row.promised_at.toISOString(),
  }));
}
