import type { Queryable } from '../queryable.ts';

/**
 * Whether stores are spread over machines: whether Citus is there and has distributed the stores' locks, which `matjip shard init` does
 * last. Asked of the catalogue, so that a database is what it is and not what somebody set. On a plain Postgres it is one question.
 */
export async function isSharded(db: Pick<Queryable, 'query'>): Promise<boolean> {
  // By its bare name: Citus has it in pg_catalog, which every search path begins with.
  const { rows } = await db.query<{ citus: boolean }>(`SELECT to_regclass('pg_dist_partition') IS NOT NULL AS citus`);
  if (!rows[0]?.citus) return false;
  const { rowCount } = await db.query(
    `SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('store_head') AND partmethod = 'h'`,
  );
  return rowCount === 1;
}
