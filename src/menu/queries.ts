import type { Queryable } from '../platform/db/pool.ts';

/**
 * Each store's version as `writeVersion` writes it: the menu's, the stock's, and what remains of each limited dish. One
 * statement, so that a version and its stock are of the same moment.
 * @param onDue told of those where a dish's hours have begun or ended since its version was made
 */
export async function readVersions(
  db: Queryable,
  storeIds: readonly string[],
  onDue: (storeIds: readonly string[]) => void,
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; version: string; due: boolean | null }>(
    `SELECT h.store_id AS id, concat_ws(' ', h.menu_version || '.' || h.stock_version,
       string_agg(k.item_id || ':' || k.remaining, ' ' ORDER BY k.item_id)) AS version, t.turns_at <= now() AS due
     FROM store_head h LEFT JOIN stock k ON k.store_id = h.store_id LEFT JOIN menu_turn t ON t.store_id = h.store_id
     WHERE h.store_id = ANY($1::uuid[])
     GROUP BY h.store_id, h.menu_version, h.stock_version, t.turns_at`,
    [storeIds],
    'menu-versions',
  );
  const due = rows.filter((row) => row.due).map(({ id }) => id);
  if (due.length > 0) onDue(due);
  return new Map(rows.map((row) => [row.id, row.version]));
}

/** More stores than this are more than one process caches. */
const STORES_FILLED_MAX = 2_000;

/** The stores whose menus a refresher fills ahead. */
export async function listMenuStores(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM store ORDER BY id LIMIT $1', [STORES_FILLED_MAX]);
  return rows.map((row) => row.id);
}
