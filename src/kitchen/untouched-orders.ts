import { byStore } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';

/**
 * Of these orders those that the kitchen has never touched while it worked on others since they were due: no ticket was begun, no dish ticked off, no
 * slip handed to a printer. A kitchen that taps nothing says nothing by that.
 * @returns their ids
 */
export async function passedOver(
  db: Queryable,
  orders: readonly (OrderRef & { readonly promisedAt: Date })[],
): Promise<ReadonlySet<string>> {
  const ids = await byStore(db, orders, async (some, only) => {
    const { rows } = await db.query<{ id: string }>(
      `SELECT k.id FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS k (store_id, id, due)
       WHERE NOT EXISTS (SELECT FROM ticket t WHERE t.store_id = k.store_id AND ${only('t')} AND t.order_id = k.id
           AND (t.status IN ('cooking', 'ready', 'served') OR t.done_lines <> '{}'))
         AND NOT EXISTS (SELECT FROM print_slip p
           WHERE p.store_id = k.store_id AND ${only('p')} AND p.order_id = k.id AND p.handed > 0)
         AND EXISTS (SELECT FROM ticket t WHERE t.store_id = k.store_id AND ${only('t')}
           AND t.order_id >= uuid_v7_floor(k.due - interval '1 day')
           AND t.status IN ('cooking', 'ready', 'served') AND t.changed_at > k.due)`,
      [some.map(({ storeId }) => storeId), some.map(({ id }) => id), some.map(({ promisedAt }) => promisedAt)],
      db.isSharded ? 'passed-over-at-one' : 'passed-over',
    );
    return rows;
  });
  return new Set(ids.map(({ id }) => id));
}
