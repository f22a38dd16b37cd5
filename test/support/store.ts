import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';

export interface DishPlan {
  readonly price: number;
  /** Portions; unset is unlimited. */
  readonly remaining?: number;
  readonly soldOut?: boolean;
  readonly station?: string;
  readonly groups?: readonly {
    readonly min: number;
    readonly max: number;
    readonly options: readonly { readonly price: number; readonly soldOut?: boolean }[];
  }[];
}

export interface TestDish {
  readonly id: string;
  readonly price: number;
  readonly groups: readonly { readonly options: readonly { readonly id: string; readonly price: number }[] }[];
}

/** A store with its dishes under the names that the test gave them. */
export interface TestStore<Name extends string> {
  readonly id: string;
  readonly slug: string;
  readonly dishes: Readonly<Record<Name, TestDish>>;
}

/** Makes a store and its menu by SQL, so that a fault of the product's own menu code cannot hide behind itself. */
export async function makeStore<Name extends string>(
  db: Db,
  plan: Readonly<Record<Name, DishPlan>>,
): Promise<TestStore<Name>> {
  const id = newId();
  const slug = `store-${id.slice(-12)}`;
  const categoryId = newId();
  const dishes: Partial<Record<Name, TestDish>> = {};
  await db.transaction(async (tx) => {
    await tx.query('INSERT INTO brand (id, slug, name_ko, name_en) VALUES ($1, $2, $3, $4)', [
      id,
      `brand-${slug}`,
      '시험',
      'Test',
    ]);
    await tx.query(
      `INSERT INTO store (id, brand_id, slug, name_ko, name_en, prep_minutes) VALUES ($1, $1, $2, '시험점', 'Test', 15)`,
      [id, slug],
    );
    await tx.query('INSERT INTO store_head (store_id) VALUES ($1)', [id]);
    await tx.query(
      `INSERT INTO category (store_id, id, code, position, name_ko, name_en) VALUES ($1, $2, 'all', 0, '전부', 'All')`,
      [id, categoryId],
    );
    for (const [position, [name, dish]] of Object.entries<DishPlan>(plan).entries()) {
      const itemId = newId();
      await tx.query(
        `INSERT INTO item (store_id, id, category_id, code, position, name_ko, name_en, price, sold_out, station)
         VALUES ($1, $2, $3, $4, $5, $6, $4, $7, $8, $9)`,
        [
          id,
          itemId,
          categoryId,
          name,
          position,
          `요리 ${name}`,
          dish.price,
          dish.soldOut ?? false,
          dish.station ?? 'kitchen',
        ],
      );
      if (dish.remaining !== undefined) {
        await tx.query('INSERT INTO stock (store_id, item_id, offered) VALUES ($1, $2, $3)', [
          id,
          itemId,
          dish.remaining,
        ]);
      }
      const groups: { options: { id: string; price: number }[] }[] = [];
      for (const [place, group] of (dish.groups ?? []).entries()) {
        const groupId = newId();
        await tx.query(
          `INSERT INTO option_group (store_id, id, item_id, code, position, name_ko, name_en, min, max)
           VALUES ($1, $2, $3, $4, $5, '선택', $4, $6, $7)`,
          [id, groupId, itemId, `group-${place}`, place, group.min, group.max],
        );
        const options = group.options.map((option) => ({ id: newId(), price: option.price }));
        for (const [at, option] of options.entries()) {
          await tx.query(
            `INSERT INTO item_option (store_id, id, group_id, code, position, name_ko, name_en, price, sold_out)
             VALUES ($1, $2, $3, $4, $5, '옵션', $4, $6, $7)`,
            [id, option.id, groupId, `option-${at}`, at, option.price, group.options[at]?.soldOut ?? false],
          );
        }
        groups.push({ options });
      }
      dishes[name as Name] = { id: itemId, price: dish.price, groups };
    }
  });
  return { id, slug, dishes: dishes as Record<Name, TestDish> };
}

/** Opens or pauses a store as the shop's own writers do: under its lock. */
export async function setStoreState(db: Db, storeId: string, state: 'open' | 'busy' | 'paused'): Promise<void> {
  await db.query('UPDATE store_head SET state = $2 WHERE store_id = $1', [storeId, state]);
}

/** What is left of a limited dish, by the truth. */
export async function remainingOf(db: Db, storeId: string, itemId: string): Promise<number | undefined> {
  const { rows } = await db.query<{ remaining: number }>(
    'SELECT remaining FROM stock WHERE store_id = $1 AND item_id = $2',
    [storeId, itemId],
  );
  return rows[0]?.remaining;
}
