import { andOnly } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';

/**
 * Of these orders those that hold portions which others could have: of a dish that is limited now, out of the count that they took them from.
 * @returns their ids
 */
export async function holdingPortions(db: Queryable, orders: readonly OrderRef[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT DISTINCT l.order_id AS id FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id)
     JOIN order_line l ON l.store_id = k.store_id AND l.order_id = k.id
     JOIN stock s ON s.store_id = l.store_id AND s.item_id = l.item_id
     WHERE s.count = l.from_count AND s.offered IS NOT NULL${andOnly(db, 'l')}${andOnly(db, 's')}`,
    [orders.map(({ storeId }) => storeId), orders.map(({ id }) => id)],
    'holding-portions',
  );
  return new Set(rows.map(({ id }) => id));
}
