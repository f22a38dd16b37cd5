import type { Queryable } from '../../platform/db/pool.ts';
import type { OrderRef } from '../ports.ts';

/** An order of a visit that only phones have spoken for. */
export interface UnknownOrder extends OrderRef {
  readonly table: string;
  readonly openedAt: Date;
  readonly promisedAt: Date;
}

/**
 * Orders that were promised until `before` and wait since, of visits that nobody of the shop has had to do with: none of them opened it, said yes
 * to it, moved it, entered an order or money, or has begun anything of it.
 * @param after the last one of the page before
 * @param one asks of this order alone, under its store's lock
 */
export async function ordersOfUnknownVisits(
  db: Queryable,
  of: {
    readonly before: Date;
    readonly limit: number;
    readonly after?: UnknownOrder | undefined;
    readonly one?: OrderRef;
  },
): Promise<UnknownOrder[]> {
  const { rows } = await db.query<UnknownOrder>(
    `SELECT o.store_id AS "storeId", o.id, b.table_label AS "table", b.opened_at AS "openedAt", o.promised_at AS "promisedAt"
     FROM bill b
     JOIN bill_order bo ON bo.store_id = b.store_id AND bo.bill_id = b.id
     JOIN orders o ON o.store_id = bo.store_id AND o.id = bo.order_id AND o.id >= uuid_v7_floor($1::timestamptz - interval '2 days')
     WHERE b.closed_at IS NULL AND b.table_label IS NOT NULL AND b.opened_at <= $1 AND b.merged_into IS NULL
       AND NOT b.known_to_staff AND b.allowed_orders IS NULL
       AND o.status = 'placed' AND o.promised_at <= $1
       AND ($3::uuid IS NULL OR (o.store_id = $3 AND o.id = $4))
       AND ($5::timestamptz IS NULL OR (o.promised_at, o.id) > ($5, $6::uuid))
       AND NOT EXISTS (SELECT FROM bill_entry e WHERE e.store_id = b.store_id AND e.bill_id = b.id)
       AND NOT EXISTS (SELECT FROM bill_move m WHERE m.store_id = b.store_id AND m.bill_id = b.id)
       AND NOT EXISTS (
         SELECT FROM bill_order x JOIN orders y ON y.store_id = x.store_id AND y.id = x.order_id
         WHERE x.store_id = b.store_id AND x.bill_id = b.id AND y.status IN ('cooking', 'ready', 'served'))
     ORDER BY o.promised_at, o.id LIMIT $2`,
    [
      of.before,
      of.limit,
      of.one?.storeId ?? null,
      of.one?.id ?? null,
      of.after?.promisedAt ?? null,
      of.after?.id ?? null,
    ],
    'orders-of-unknown-visits',
  );
  return rows;
}
