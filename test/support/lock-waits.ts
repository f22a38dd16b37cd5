import type { Queryable } from '../../src/platform/db/pool.ts';

/** How many statements of this database wait for a lock, on whichever machine. */
export async function countLockWaits(db: Queryable): Promise<number> {
  const waiting = `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  const { rows: citus } = await db.query(`SELECT FROM pg_extension WHERE extname = 'citus'`);
  const { rows } = await db.query<{ count: number }>(
    citus.length > 0
      ? `SELECT sum(result::int)::int AS count FROM run_command_on_all_nodes($$${waiting}$$)`
      : `SELECT (${waiting})::int AS count`,
  );
  return rows[0]!.count;
}
