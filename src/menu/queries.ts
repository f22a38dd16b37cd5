import type { Queryable } from '../platform/db/pool.ts';

/**
 * Each store's version as `writeVersion` writes it: the menu's, the stock's, and what remains of each limited dish. One
 * statement, so that a version and its stock are of the same moment.
 */
export async function readVersions(db: Queryable, storeIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; version: string }>(
    `SELECT h.store_id AS id, concat_ws(' ', h.menu_version || '.' || h.stock_version,
       string_agg(k.item_id || ':' || k.remaining, ' ' ORDER BY k.item_id)) AS version
     FROM store_head h LEFT JOIN stock k ON k.store_id = h.store_id
     WHERE h.store_id = ANY($1::uuid[])
     GROUP BY h.store_id, h.menu_version, h.stock_version`,
    [storeIds],
    'menu-versions',
  );
  return new Map(rows.map((row) => [row.id, row.version]));
}

/** More stores than this are more than one desk holds. */
const STORES_FILLED_MAX = 2_000;

/** The stores whose menus a refresher fills ahead. */
export async function listMenuStores(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM store ORDER BY id LIMIT $1', [STORES_FILLED_MAX]);
  return rows.map((row) => row.id);
}
