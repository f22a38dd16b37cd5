import type { Queryable } from '../platform/db/pool.ts';

export interface MenuVersion {
  readonly storeId: string;
  readonly menuVersion: number;
  readonly stockVersion: number;
}

export async function readVersions(db: Queryable, storeIds: readonly string[]): Promise<MenuVersion[]> {
  const { rows } = await db.query<MenuVersion>(
    `SELECT store_id AS "storeId", menu_version AS "menuVersion", stock_version AS "stockVersion"
     FROM store_head WHERE store_id = ANY($1::uuid[])`,
    [storeIds],
    'menu-versions',
  );
  return rows;
}

/** More stores than this are more than one desk holds. */
const STORES_FILLED_MAX = 2_000;

/** The stores whose menus a refresher fills ahead. */
export async function listMenuStores(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM store ORDER BY id LIMIT $1', [STORES_FILLED_MAX]);
  return rows.map((row) => row.id);
}
