import type { ForeignKey, Table } from './read-schema.ts';

/**
 * Where a table's rows are when stores are spread over machines. `distributed`: by `store_id`, all tables together, so that what belongs
 * to a store is on one machine. `reference`: whole on every machine. `local`: on the coordinator only.
 */
export type Place = 'distributed' | 'reference' | 'local';

/** The column that says on which machine a row is. */
export const STORE = 'store_id';

/** The table whose distribution is done last, so that it says that all others are: see `isSharded`. */
export const LAST_TABLE = 'store_head';

/** What is the same for all stores and read beside the rows of any of them. Not as comments in the schema: Citus loses those. */
const REFERENCE: ReadonlySet<string> = new Set([
  // Every store points to its brand, and brands change a few times a year.
  'brand',
  // Found by its slug, which is one among all stores.
  'store',
  // One dish of a brand for all of its stores; joined with each store's counts.
  'ranking_dish',
  // By what is in them, for all stores; a few a day, and each is read beside the dishes of many.
  'photo',
  'photo_file',
  'photo_source',
]);

/**
 * A table whose rows carry their store is distributed by it, and any other is local: what a table is before anybody distributes it, so
 * one that nobody thought of works as before. Those of {@link REFERENCE} are the exceptions.
 */
export function placeOf({ name, hasStore }: Pick<Table, 'name' | 'hasStore'>): Place {
  if (REFERENCE.has(name)) return 'reference';
  return hasStore ? 'distributed' : 'local';
}

/**
 * Tables whose statements Citus plans: those that it has placed, and local ones that are tied by keys to a reference table, which it takes
 * into its catalogue by itself. What it refuses, it refuses in all of them.
 */
export function knownTables(tables: readonly Table[]): Set<string> {
  const known = new Set(tables.filter((table) => placeOf(table) !== 'local').map(({ name }) => name));
  for (let before = -1; before !== known.size; ) {
    before = known.size;
    for (const { name, foreignKeys } of tables) {
      if (foreignKeys.some(({ to }) => known.has(to) || known.has(name))) {
        known.add(name);
        for (const { to } of foreignKeys) known.add(to);
      }
    }
  }
  return known;
}

/**
 * What of this schema the coordinator would refuse, or what would stop writers while a store moves, one sentence each; empty: it can be
 * distributed. The rules are those of Citus 13 for hash-distributed and reference tables.
 */
export function findObstacles(tables: readonly Table[]): string[] {
  const places = new Map(tables.map((table) => [table.name, placeOf(table)]));
  return tables.flatMap((table) => [
    ...obstaclesOf(table),
    ...table.foreignKeys.flatMap((key) => obstacleOfKey(table, key, places)),
  ]);
}

function obstaclesOf(table: Table): string[] {
  const { name } = table;
  const place = placeOf(table);
  if (place === 'local') return [];
  const found = table.triggers.map(
    (trigger) => `${name} has the trigger ${trigger}, and a ${place} table cannot have one.`,
  );
  if (place === 'reference') return found;
  for (const unique of table.uniques) {
    if (!unique.columns.includes(STORE)) {
      found.push(
        `${unique.name} is unique over (${unique.columns.join(', ')}): a machine cannot know of the others' rows without ${STORE}.`,
      );
    }
  }
  for (const column of table.counted)
    found.push(`${name}.${column} is filled by a sequence: ids are made outside the database.`);
  if (!table.isIdentified)
    found.push(`${name} has neither a primary key nor a replica identity: its stores cannot move while they write.`);
  return found;
}

function obstacleOfKey(from: Table, key: ForeignKey, places: ReadonlyMap<string, Place>): string[] {
  const place = placeOf(from);
  const target = places.get(key.to) ?? 'local';
  const says = (why: string) => [
    `${key.name} of the ${place} table ${from.name} points to the ${target} table ${key.to}: ${why}.`,
  ];
  if (target === 'distributed') {
    if (place !== 'distributed') return says('its row is on one machine only');
    const at = key.columns.indexOf(STORE);
    if (at < 0 || key.toColumns[at] !== STORE) return says(`it must contain ${STORE} of both`);
  }
  if (target === 'local' && place !== 'local') return says('its row is on the coordinator only');
  // Set null (n) and set default (d) would change where the row belongs, and so would a changed key (c).
  const moves = key.columns.includes(STORE) && (/[nd]/.test(key.onDelete) || /[cnd]/.test(key.onUpdate));
  return place === 'distributed' && moves ? says(`it would change ${STORE}`) : [];
}

/**
 * In which order tables are placed, and which at once: those that point to each other need each other, and what is pointed to comes first.
 * {@link LAST_TABLE} is the last.
 */
export function groupByKeys(tables: readonly Table[]): Table[][] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const group = new Map(tables.map((table) => [table.name, new Set([table])]));
  for (const table of tables) {
    for (const { to } of table.foreignKeys) {
      const other = byName.has(to) ? group.get(to)! : undefined;
      const own = group.get(table.name)!;
      if (!other || other === own) continue;
      for (const each of other) group.set(each.name, own.add(each));
    }
  }
  const groups = [...new Set(group.values())].map((members) => inOrder([...members]));
  return groups.sort((a, b) => Number(hasLast(a)) - Number(hasLast(b)));
}

const hasLast = (tables: readonly Table[]): boolean => tables.some(({ name }) => name === LAST_TABLE);

/** Each after those that it points to. */
function inOrder(tables: readonly Table[]): Table[] {
  const ordered: Table[] = [];
  const visit = (table: Table): void => {
    if (ordered.includes(table)) return;
    for (const { to } of table.foreignKeys) {
      const other = tables.find(({ name }) => name === to);
      if (other && other !== table) visit(other);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}
