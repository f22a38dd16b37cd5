import { type ItemChange, type Name, PHOTOS } from '../contract/index.ts';
import { businessDay, type Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { readRemaining, setRemaining, turnCounts } from './counts.ts';
import { photoExists } from './photo/queries.ts';
import type { Announcer, LockStores, Store } from './ports.ts';

export interface ItemState {
  readonly id: string;
  readonly price: number;
  readonly soldOut: boolean;
  readonly remaining: number | null;
  /** The menu's version that this change made. */
  readonly menuVersion: number;
}

/** Another price of a dish, told in the transaction that sets it. */
export type NotePrice = (
  tx: Queryable,
  storeId: string,
  changed: { readonly dish: Name; readonly from: number; readonly to: number },
) => Promise<void>;

/**
 * Changes one dish of a store, under the store's lock: an order is priced before it or after it, never in between.
 * @throws Problem `not-found`; `invalid` for a photo that is not there; `stale` with the dish as it is now, when `expected` is not what remains
 */
export function createChangeItem(db: Db, lockStores: LockStores, announcer: Announcer, now: Clock) {
  return (store: Store, itemId: string, change: ItemChange, notePrice?: NotePrice): Promise<ItemState> =>
    db.transaction(async (tx) => {
      await lockStores(tx, [store.id]);
      const { photo } = change;
      if (photo && !(await photoExists(tx, photo.slice(PHOTOS.length)))) {
        throw invalidField('photo', 'is not there', 'what POST …/photos answered');
      }
      const before = change.price !== undefined && notePrice ? await readPrice(tx, store.id, itemId) : undefined;
      const { rows } = await tx.query<{ price: number; sold_out: boolean }>(
        `UPDATE item SET price = coalesce($3, price), sold_out = coalesce($4, sold_out),
           photo = CASE WHEN $5::boolean THEN $6 ELSE photo END
         WHERE store_id = $1 AND id = $2 AND NOT archived RETURNING price, sold_out OR EXISTS (
           SELECT FROM option_group g WHERE g.store_id = $1 AND g.item_id = $2 AND NOT g.archived AND g.min > (
             SELECT count(*) FROM item_option o
             WHERE o.store_id = $1 AND o.group_id = g.id AND NOT o.archived AND NOT o.sold_out)) AS sold_out`,
        [store.id, itemId, change.price ?? null, change.soldOut ?? null, photo !== undefined, photo ?? null],
        'change-item',
      );
      const item = rows[0];
      if (!item) throw new Problem('not-found', { detail: 'There is no such dish on this store’s menu.' });
      if (before && before.price !== item.price) {
        await notePrice?.(tx, store.id, { dish: before.name, from: before.price, to: item.price });
      }

      if (change.remaining !== undefined) {
        const today = { storeId: store.id, day: businessDay(now(), store.timeZone, store.dayStartsHour) };
        await turnCounts(tx, [today]);
        if (change.expected !== undefined) {
          const seen = await readRemaining(tx, store.id, itemId);
          if (seen !== change.expected) throw stale(seen);
        }
        await setRemaining(tx, today, itemId, change.remaining);
      }
      const remaining = await readRemaining(tx, store.id, itemId);
      const head = await tx.query<{ version: number }>(
        `UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = $1 RETURNING menu_version AS version`,
        [store.id],
        'bump-menu-version',
      );
      const soldOut = item.sold_out || remaining === 0;
      await announcer.announce(tx, [{ kind: 'menu', storeId: store.id, [soldOut ? 'gone' : 'back']: [itemId] }]);
      return {
        id: itemId,
        price: item.price,
        soldOut,
        remaining,
        menuVersion: head.rows[0]!.version,
      };
    });
}

async function readPrice(
  tx: Queryable,
  storeId: string,
  itemId: string,
): Promise<{ readonly name: Name; readonly price: number } | undefined> {
  const { rows } = await tx.query<{ ko: string; en: string; price: number }>(
    'SELECT name_ko AS ko, name_en AS en, price FROM item WHERE store_id = $1 AND id = $2',
    [storeId, itemId],
    'price-before',
  );
  return rows[0] && { name: { ko: rows[0].ko, en: rows[0].en || rows[0].ko }, price: rows[0].price };
}

/** A sale, or another person, came between the look and the change: it is decided anew by whoever looked. */
const stale = (remaining: number | null): Problem =>
  new Problem('stale', {
    detail: remaining === null ? 'It is not limited now.' : `${remaining} remain now.`,
    extra: { remaining },
  });
