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
