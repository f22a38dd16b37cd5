import type { CancelReason, Name, OrderEvent, OrderStatus, OrderView } from '../contract/index.ts';
import { byStore, type Only } from '../platform/db/citus/by-store.ts';
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
  readonly cancel_reason: CancelReason | null;
  readonly version?: string;
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
  ...(row.cancel_reason && { cancelReason: row.cancel_reason }),
});

/**
 * Orders with their lines, by primary key: the time does not grow with history.
 * @returns in the order asked for; undefined for one that does not exist
 */
export async function readOrders(db: Queryable, refs: readonly OrderRef[]): Promise<(OrderView | undefined)[]> {
  return (await readVersionedOrders(db, refs)).map((found) => found?.view);
}

/** The same with the version of each order's row: the transaction that wrote it. Null where stores are spread over machines. */
export async function readVersionedOrders(
  db: Queryable,
  refs: readonly OrderRef[],
): Promise<({ readonly view: OrderView; readonly version: string | null } | undefined)[]> {
  const rows = await byStore(db, refs, (some, only) => readRows(db, some, only));
  const found = new Map(
    rows.map((row) => [`${row.store_id} ${row.id}`, { view: toView(row), version: row.version ?? null }]),
  );
  return refs.map((ref) => found.get(`${ref.storeId} ${ref.id}`));
}

async function readRows(db: Queryable, refs: readonly OrderRef[], only: Only): Promise<OrderRow[]> {
  const ids = refs.map((ref) => ref.id).sort();
  const { rows } = await db.query<OrderRow>(
    // The bounds of the ids leave out all partitions but one or two while it is planned; left to the run, that takes longer
    // than the reading. LATERAL with OFFSET 0 keeps it to the primary key, whatever the planner believes of the tables.
    `SELECT o.store_id, o.id, o.number, o.table_label, o.status, o.total, s.currency, o.placed_at, o.promised_at,${db.isSharded ? '' : ' o.version,'}
       -- Of a cancelled order alone: nobody else pays for it.
       CASE WHEN o.status = 'cancelled' THEN (
         SELECT e.reason FROM order_event e
         WHERE e.store_id = o.store_id AND ${only('e')} AND e.order_id = o.id AND e.order_id BETWEEN $3::uuid AND $4::uuid
         ORDER BY e.seq DESC LIMIT 1) END AS cancel_reason,
       (SELECT json_agg(json_build_object('item', l.item_id, 'ko', i.name_ko, 'en', i.name_en, 'quantity', l.quantity,
          'unit_price', l.unit_price, 'note', n.note, 'options',
          (SELECT json_agg((SELECT json_build_object('id', p.id, 'ko', p.name_ko, 'en', p.name_en, 'price', c.price)
                            FROM item_option p WHERE p.store_id = l.store_id AND ${only('p')} AND p.id = c.id) ORDER BY c.place)
           FROM ROWS FROM (jsonb_to_recordset(l.options) AS (id uuid, price int)) WITH ORDINALITY AS c (id, price, place)
          )) ORDER BY l.line)
        FROM (
          SELECT * FROM order_line l
          WHERE l.store_id = o.store_id AND ${only('l')} AND l.order_id = o.id AND l.order_id BETWEEN $3::uuid AND $4::uuid OFFSET 0) l
        CROSS JOIN LATERAL (SELECT * FROM item i WHERE i.store_id = l.store_id AND ${only('i')} AND i.id = l.item_id OFFSET 0) i
        LEFT JOIN LATERAL (
          SELECT * FROM order_note n WHERE n.store_id = l.store_id AND ${only('n')} AND n.order_id = l.order_id AND n.line = l.line
            AND n.order_id BETWEEN $3::uuid AND $4::uuid OFFSET 0) n ON true) AS lines
     FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id) CROSS JOIN LATERAL (
       SELECT *${db.isSharded ? '' : ', o.xmin::text AS version'} FROM orders o
       WHERE o.store_id = k.store_id AND ${only('o')} AND o.id = k.id AND o.id BETWEEN $3::uuid AND $4::uuid OFFSET 0) o
     CROSS JOIN LATERAL (SELECT currency FROM store s WHERE s.id = o.store_id OFFSET 0) s`,
    [refs.map((ref) => ref.storeId), refs.map((ref) => ref.id), ids[0], ids.at(-1)],
  );
  return rows;
}

/** @returns undefined when there is no such order */
export const readOrder = async (db: Queryable, ref: OrderRef): Promise<OrderView | undefined> =>
  (await readOrders(db, [ref]))[0];

/** What somebody who has heard the event `afterSeq` of an order still wants to hear. */
export interface EventsAsked {
  readonly ref: OrderRef;
  readonly afterSeq: number;
}

interface EventRow {
  readonly place: number;
  readonly seq: number;
  readonly status: OrderStatus;
  readonly at: Date;
  readonly promised_at: Date;
  readonly portions_returned: boolean | null;
  readonly reason: CancelReason | null;
}

/** The events of orders, each from after what was heard, in order. */
export async function readOrderEvents(db: Queryable, asked: readonly EventsAsked[]): Promise<OrderEvent[][]> {
  const places = asked.map(({ ref, afterSeq }, place) => ({ storeId: ref.storeId, id: ref.id, afterSeq, place }));
  const rows = await byStore(db, places, (some, only) => readEventRows(db, some, only));
  const found = Map.groupBy(rows, ({ place }) => place);
  return asked.map(({ ref }, place) =>
    (found.get(place) ?? []).map((row) => ({
      orderId: ref.id,
      seq: row.seq,
      status: row.status,
      at: row.at.toISOString(),
      promisedAt: row.promised_at.toISOString(),
      ...(row.portions_returned !== null && { portionsReturned: row.portions_returned }),
      ...(row.reason && { reason: row.reason }),
    })),
  );
}

async function readEventRows(
  db: Queryable,
  asked: readonly (OrderRef & { readonly afterSeq: number; readonly place: number })[],
  only: Only,
): Promise<EventRow[]> {
  const ids = asked.map(({ id }) => id).sort();
  const { rows } = await db.query<EventRow>(
    // As above.
    `SELECT k.place, e.seq, e.status, e.at, e.promised_at, e.portions_returned, e.reason
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $6::int[]) AS k (store_id, id, after_seq, place)
     CROSS JOIN LATERAL (
       SELECT * FROM order_event e
       WHERE e.store_id = k.store_id AND ${only('e')} AND e.order_id = k.id AND e.seq > k.after_seq
         AND e.order_id BETWEEN $4::uuid AND $5::uuid OFFSET 0) e
     ORDER BY k.place, e.seq`,
    [
      asked.map(({ storeId }) => storeId),
      asked.map(({ id }) => id),
      asked.map(({ afterSeq }) => afterSeq),
      ids[0],
      ids.at(-1),
      asked.map(({ place }) => place),
    ],
  );
  return rows;
}
