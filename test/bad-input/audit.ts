import type { Db } from '../../src/platform/db/pool.ts';

/**
 * What is written down about who was refused: how often somebody tried, and of whoever is told that it is busy that they wait in the line, which
 * processes tell each other at their own times. All else a refused request leaves as it was.
 */
const REMEMBERS_REFUSALS: readonly string[] = ['staff_log', 'staff', 'pin_try', 'bill', 'line_slot', 'line_teller'];

/** Which rows changed, told by triggers in the database itself: no table is left out, and what was rolled back is not told. */
export interface Audit {
  /** The changes since the last call, such as `stock UPDATE`, with the beginning of the statement that made them. */
  take(): Promise<string[]>;
}

/** Watches every table of a test's database. An UPDATE that changes nothing is no change. */
export async function watchRows(db: Db): Promise<Audit> {
  await db.query(`CREATE SCHEMA bad_input`);
  await db.query(`CREATE TABLE bad_input.changed (what text NOT NULL, by text NOT NULL)`);
  await db.query(`
    CREATE FUNCTION bad_input.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN
        INSERT INTO bad_input.changed VALUES (TG_ARGV[0] || ' ' || TG_OP, left(current_query(), 200));
      END IF;
      RETURN NULL;
    END $$`);
  const { rows } = await db.query<{ name: string; table: string }>(
    `SELECT c.relname AS name, format('%I.%I', n.nspname, c.relname) AS "table"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'graphile_worker') AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
  );
  // Of each table once, before anything is asked.
  for (const { name, table } of rows) {
    await db.query(
      `CREATE TRIGGER bad_input AFTER INSERT OR UPDATE OR DELETE ON ${table}
       FOR EACH ROW EXECUTE FUNCTION bad_input.note('${name}')`,
    );
  }
  return {
    async take() {
      const taken = await db.query<{ what: string; by: string }>('DELETE FROM bad_input.changed RETURNING what, by');
      const told = taken.rows.filter(({ what }) => !REMEMBERS_REFUSALS.includes(what.split(' ')[0]!));
      return [...new Set(told.map(({ what, by }) => `${what} by ${by}`))];
    },
  };
}
