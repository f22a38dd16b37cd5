import type { Db, Queryable } from '../pool.ts';
import { findObstacles, groupByKeys, LAST_TABLE, placeOf, STORE } from './places.ts';
import { readSchema, type Table } from './read-schema.ts';

/** Tables that Citus has placed already, by name. */
async function readPlaced(db: Queryable): Promise<Set<string>> {
  const { rows } = await db.query<{ name: string }>(
    // Neither distributed nor reference (n) and not replicated (t): a local table that Citus knows because it points to a reference table.
    `SELECT c.relname AS name FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
     WHERE p.partmethod = 'h' OR p.partmethod = 'n' AND p.repmodel = 't'`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** Tables that are not where the schema says. */
export async function findUnplaced(db: Queryable): Promise<string[]> {
  const placed = await readPlaced(db);
  return (await readSchema(db))
    .filter((table) => placeOf(table) !== 'local' && !placed.has(table.name))
    .map(({ name }) => name);
}

/**
 * Gives every table the place that the schema names, rows included. What is placed already is left alone, so it may be killed and run
 * again; tables that point to each other are placed together or not at all.
 * @param db one whose statements may take as long as they take: all rows of a table are copied by one
 * @param shardCount into how many parts each table is divided; a part of all tables moves as one
 * @param log told each table that is done
 * @throws Error with all that stands in the way, before anything is changed
 */
export async function placeTables(db: Db, shardCount: number, log: (line: string) => void): Promise<void> {
  const tables = await readSchema(db);
  const obstacles = findObstacles(tables);
  if (obstacles.length > 0) throw new Error(`This schema cannot be distributed:\n${obstacles.join('\n')}`);
  await distributeFunctions(db);

  const placed = await readPlaced(db);
  const unplaced = tables.filter(({ name }) => !placed.has(name));
  for (const table of groupByKeys(unplaced.filter((each) => placeOf(each) === 'reference')).flat()) {
    await db.query('SELECT create_reference_table($1)', [table.name]);
    log(`${table.name}: whole on every machine`);
  }
  const distributed = tables.filter((each) => placeOf(each) === 'distributed');
  let first = distributed.find(({ name }) => placed.has(name))?.name;
  for (const group of groupByKeys(distributed.filter((each) => unplaced.includes(each)))) {
    await db.transaction((tx) => distribute(tx, group, { shardCount, with: first }));
    first ??= group[0]!.name;
    for (const { name } of group) log(`${name}: by store`);
  }
  // Distributing copies the rows and leaves the old ones where nobody sees them.
  for (const { name } of distributed) await db.query('SELECT truncate_local_data_after_distributing_table($1)', [name]);
}

async function distribute(
  tx: Queryable,
  group: readonly Table[],
  { shardCount, with: other }: { readonly shardCount: number; readonly with: string | undefined },
): Promise<void> {
  const names = new Set(group.map(({ name }) => name));
  // While one end of a key is distributed and the other is not, Citus refuses it.
  const keys = group.flatMap((table) =>
    table.foreignKeys.filter(({ to }) => names.has(to)).map((key) => ({ table, key })),
  );
  for (const { table, key } of keys) await tx.query(`ALTER TABLE "${table.name}" DROP CONSTRAINT "${key.name}"`);
  let together = other;
  for (const { name } of group) {
    if (together === undefined) {
      await tx.query(`SELECT create_distributed_table($1, $2, colocate_with => 'none', shard_count => $3)`, [
        name,
        STORE,
        shardCount,
      ]);
    } else {
      await tx.query('SELECT create_distributed_table($1, $2, colocate_with => $3)', [name, STORE, together]);
    }
    together ??= name;
  }
  for (const { table, key } of keys) {
    await tx.query(`ALTER TABLE "${table.name}" ADD CONSTRAINT "${key.name}" ${key.definition}`);
  }
}

/** Statements are worked on where the rows are, so every machine needs the functions that they call. */
async function distributeFunctions(db: Queryable): Promise<void> {
  await db.query(
    `SELECT create_distributed_function(p.oid::regprocedure) FROM pg_proc p
     WHERE p.pronamespace = (SELECT relnamespace FROM pg_class WHERE oid = '${LAST_TABLE}'::regclass) AND p.prokind = 'f'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
       AND NOT EXISTS (SELECT FROM pg_dist_object o WHERE o.classid = 'pg_proc'::regclass AND o.objid = p.oid)`,
  );
}
