import type { ItemChange } from '../contract/index.ts';
import { businessDay, type Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Announcer, LockStores, Store } from './ports.ts';

export interface ItemState {
  readonly id: string;
  readonly price: number;
  readonly soldOut: boolean;
  readonly remaining: number | null;
  /** The menu's version that this change made. */
  readonly menuVersion: number;
}

/**
 * Changes one dish of a store, under the store's lock: an order is priced before it or after it, never in between.
 * @throws Problem `not-found`
 */
export function createChangeItem(db: Db, lockStores: LockStores, announcer: Announcer, now: Clock) {
  return (store: Store, itemId: string, change: ItemChange): Promise<ItemState> =>
    db.transaction(async (tx) => {
      await lockStores(tx, [store.id]);
      const { rows } = await tx.query<{ price: number; sold_out: boolean }>(
        `UPDATE item SET price = coalesce($3, price), sold_out = coalesce($4, sold_out)
         WHERE store_id = $1 AND id = $2 AND NOT archived RETURNING price, sold_out`,
        [store.id, itemId, change.price ?? null, change.soldOut ?? null],
        'change-item',
      );
      const item = rows[0];
      if (!item) throw new Problem('not-found', { detail: 'There is no such dish on this store’s menu.' });

      if (change.remaining === null) {
        await tx.query('DELETE FROM stock WHERE store_id = $1 AND item_id = $2', [store.id, itemId]);
      } else if (change.remaining !== undefined) {
        await tx.query(
          `INSERT INTO stock (store_id, item_id, remaining, day) VALUES ($1, $2, $3, $4)
           ON CONFLICT (store_id, item_id) DO UPDATE SET remaining = excluded.remaining, day = excluded.day`,
          [store.id, itemId, change.remaining, businessDay(now(), store.timeZone, store.dayStartsHour)],
        );
      }
      const stock = await tx.query<{ remaining: number }>(
        'SELECT remaining FROM stock WHERE store_id = $1 AND item_id = $2',
        [store.id, itemId],
      );
      const head = await tx.query<{ version: number }>(
        `UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = $1 RETURNING menu_version AS version`,
        [store.id],
        'bump-menu-version',
      );
      await announcer.announce(tx, [{ kind: 'menu', storeId: store.id }]);
      return {
        id: itemId,
        price: item.price,
        soldOut: item.sold_out || stock.rows[0]?.remaining === 0,
        remaining: stock.rows[0]?.remaining ?? null,
        menuVersion: head.rows[0]!.version,
      };
    });
}
