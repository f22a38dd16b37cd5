import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';

/** Which orders are looked at: by the time inside their ids, so that the cost follows these orders and no shop's history. */
export interface OrderedWithin {
  readonly from: Date;
  /** Unset: all that came since; a phone's clock may be ahead. */
  readonly until?: Date | undefined;
  /** Taken before this moment, by our own clock. */
  readonly placedBefore: Date;
}

/**
 * Orders that have no ticket although they are to be cooked: neither cancelled, nor waiting for their money.
 * @param after the last of the page before
 */
export async function readWithoutTickets(
  db: Queryable,
  { from, until, placedBefore }: OrderedWithin,
  limit: number,
  after?: OrderRef,
): Promise<OrderRef[]> {
  const { rows } = await db.query<OrderRef>(
    // Store by store, by the primary keys: without the stores the index would be read from end to end.
    `SELECT o.store_id AS "storeId", o.id FROM store_head h JOIN orders o ON o.store_id = h.store_id
     WHERE o.id >= uuid_v7_floor($1::timestamptz) AND ($2::timestamptz IS NULL OR o.id < uuid_v7_floor($2::timestamptz))
       AND o.placed_at < $3 AND o.status <> 'cancelled' AND ($4::uuid IS NULL OR (o.store_id, o.id) > ($4::uuid, $5::uuid))
       AND NOT EXISTS (SELECT FROM ticket t
         WHERE t.store_id = o.store_id AND t.order_id = o.id AND t.order_id >= uuid_v7_floor($1::timestamptz))
       AND NOT EXISTS (SELECT FROM payment_hold p WHERE p.store_id = o.store_id AND p.order_id = o.id)
     ORDER BY o.store_id, o.id LIMIT $6`,
    [from, until, placedBefore, after?.storeId, after?.id, limit],
  );
  return rows;
}
