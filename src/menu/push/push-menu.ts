import { createHash } from 'node:crypto';
import type { Name, PushField, PushPreview } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import type { Announcer, LockStores } from '../ports.ts';

/** What of a dish can be pushed, as it is in one store. */
interface PushedDish {
  readonly storeId: string;
  readonly id: string;
  readonly code: string;
  readonly ko: string;
  readonly en: string;
  readonly price: number;
  readonly soldOut: boolean;
}

/** All at once, so that stores are of one moment. By the code, in its order. */
export async function readDishes(
  db: Queryable,
  storeIds: readonly string[],
  codes: readonly string[],
): Promise<Map<string, PushedDish[]>> {
  const { rows } = await db.query<PushedDish>(
    `SELECT store_id AS "storeId", id, code, name_ko AS ko, name_en AS en, price, sold_out AS "soldOut" FROM item
     WHERE store_id = ANY ($1::uuid[]) AND code = ANY ($2::text[]) AND NOT archived ORDER BY store_id, code`,
    [storeIds, codes],
    'dishes-to-push',
  );
  return Map.groupBy(rows, ({ storeId }) => storeId);
}

/** What somebody has looked at: another price, another sold-out, a dish more or less is another text. */
export const seenOf = (dishes: readonly PushedDish[], fields: readonly PushField[]): string =>
  createHash('sha256')
    .update(JSON.stringify(dishes.map((dish) => [dish.code, ...fields.map((field) => dish[field])])))
    .digest('base64url')
    .slice(0, 22);

type Change = PushPreview['items'][number]['changes'][number];

/** What is different in a store's dishes from those that are pushed; a dish that it does not have stays away. */
export function differencesOf(
  pushed: readonly PushedDish[],
  there: readonly PushedDish[],
  fields: readonly PushField[],
): { readonly changes: readonly Change[]; readonly missing: readonly string[] } {
  const own = new Map(there.map((dish) => [dish.code, dish]));
  const changes = pushed.flatMap((dish) => {
    const now = own.get(dish.code);
    if (!now || fields.every((field) => now[field] === dish[field])) return [];
    return [
      {
        code: dish.code,
        name: { ko: now.ko, en: now.en || now.ko },
        ...(fields.includes('price') && now.price !== dish.price && { price: { from: now.price, to: dish.price } }),
        ...(fields.includes('soldOut') &&
          now.soldOut !== dish.soldOut && { soldOut: { from: now.soldOut, to: dish.soldOut } }),
      },
    ];
  });
  return { changes, missing: pushed.filter(({ code }) => !own.has(code)).map(({ code }) => code) };
}

export interface PushDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly announcer: Announcer;
  /** Writes down who changed what where. */
  readonly log: (tx: Queryable, what: string, by: string, about: string, nowMs: number) => Promise<void>;
  /** Writes down in the store itself which prices became others. */
  readonly notePrices: (
    tx: Queryable,
    storeId: string,
    by: string,
    prices: readonly { readonly dish: Name; readonly from: number; readonly to: number }[],
  ) => Promise<void>;
  readonly now: Clock;
}

export interface Push {
  readonly dishes: readonly PushedDish[];
  readonly fields: readonly PushField[];
  readonly from: string;
  readonly by: string;
}

/**
 * Makes dishes of one store what they are in another: all of them or none, under the store's lock. When the store is as asked already,
 * because the request was sent again, nothing happens.
 * @returns how many dishes changed; undefined: the store's own dishes are not what was looked at
 */
export function createPushTo({ db, lockStores, announcer, log, notePrices, now }: PushDeps) {
  return (
    store: { readonly id: string; readonly slug: string },
    seen: string,
    push: Push,
  ): Promise<number | undefined> =>
    db.transaction(async (tx) => {
      await lockStores(tx, [store.id]);
      const { dishes, fields, from, by } = push;
      const there = (await readDishes(tx, [store.id], codesOf(dishes))).get(store.id) ?? [];
      const { changes } = differencesOf(dishes, there, fields);
      if (changes.length === 0) return 0;
      if (seenOf(there, fields) !== seen) return undefined;
      await tx.query(
        `UPDATE item i SET price = coalesce(v.price, i.price), sold_out = coalesce(v.sold_out, i.sold_out)
         FROM jsonb_to_recordset($2::jsonb) AS v (code text, price int, sold_out boolean)
         WHERE i.store_id = $1 AND i.code = v.code AND NOT i.archived`,
        [
          store.id,
          JSON.stringify(
            changes.map(({ code, price, soldOut }) => ({ code, price: price?.to, sold_out: soldOut?.to })),
          ),
        ],
        'push-dishes',
      );
      await tx.query(
        'UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = $1',
        [store.id],
        'menu-pushed',
      );
      await log(tx, 'menu pushed', by, `${store.slug}: ${describe(changes)} as in ${from}`, now());
      const prices = changes.flatMap(({ name: dish, price }) => (price ? [{ dish, ...price }] : []));
      await notePrices(tx, store.id, by, prices);
      await announcer.announce(tx, [{ kind: 'menu', storeId: store.id }]);
      return changes.length;
    });
}

const codesOf = (dishes: readonly { readonly code: string }[]): string[] => dishes.map(({ code }) => code);

/** One line of the log; the rest is counted. */
const CHANGES_SAID = 20;

const describe = (changes: readonly Change[]): string =>
  [
    ...changes
      .slice(0, CHANGES_SAID)
      .map(({ code, price, soldOut }) =>
        [code, price && `${price.from} to ${price.to}`, soldOut && (soldOut.to ? 'sold out' : 'on sale')]
          .filter(Boolean)
          .join(' '),
      ),
    ...(changes.length > CHANGES_SAID ? [`${changes.length - CHANGES_SAID} more`] : []),
  ].join(', ');
