import type { Queryable } from '../pool.ts';

/** A table as the catalogue has it; partitions are their parent's. */
export interface Table {
  readonly name: string;
  /** Whether its rows carry `store_id uuid NOT NULL` and are in the log: others cannot move while they are written. */
  readonly hasStore: boolean;
  /** Whether a row can be told from the others: by a primary key or a replica identity. */
  readonly isIdentified: boolean;
  readonly triggers: readonly string[];
  /** Columns that a sequence fills. */
  readonly counted: readonly string[];
  /** Primary keys, unique constraints and unique indexes. */
  readonly uniques: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface ForeignKey {
  readonly name: string;
  readonly to: string;
  readonly columns: readonly string[];
  /** Of the other table, in the same order. */
  readonly toColumns: readonly string[];
  /** What happens here when the other row is deleted or its key changes, as `pg_constraint` writes it. */
  readonly onDelete: string;
  readonly onUpdate: string;
  /** As `ADD CONSTRAINT` takes it. */
  readonly definition: string;
}

/** The tables of Matjip's own schema, by name. Those of the job queue are in a schema of theirs and stay on the coordinator. */
export async function readSchema(db: Queryable): Promise<Table[]> {
  const { rows } = await db.query<Table>(
    `WITH own AS (
       SELECT c.oid, c.relname, c.relreplident, c.relpersistence FROM pg_class c
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'orders'::regclass)
         -- What an extension brings is the extension's.
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
     )
     SELECT t.relname AS name, 
       t.relpersistence = 'p' AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'store_id' AND a.atttypid = 'uuid'::regtype
         AND a.attnotnull) AS "hasStore",
       t.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND CASE t.relreplident
         WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END) AS "isIdentified",
       ARRAY(SELECT g.tgname::text FROM pg_trigger g WHERE g.tgrelid = t.oid AND NOT g.tgisinternal ORDER BY 1) AS triggers,
       ARRAY(SELECT a.attname::text FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
         WHERE a.attrelid = t.oid AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%') ORDER BY 1) AS counted,
       (SELECT coalesce(json_agg(json_build_object('name', i.indexrelid::regclass::text, 'columns',
           ARRAY(SELECT a.attname FROM unnest(i.indkey[0:i.indnkeyatts - 1]) AS k (num) JOIN pg_attribute a
             ON a.attrelid = t.oid AND a.attnum = k.num)) ORDER BY i.indexrelid::regclass::text), '[]')
        FROM pg_index i WHERE i.indrelid = t.oid AND (i.indisunique OR i.indisexclusion)) AS uniques,
       (SELECT coalesce(json_agg(json_build_object('name', f.conname, 'to', r.relname, 'onDelete', f.confdeltype,
           'onUpdate', f.confupdtype, 'definition', pg_get_constraintdef(f.oid),
           'columns', ARRAY(SELECT a.attname FROM unnest(f.conkey) WITH ORDINALITY AS k (num, place)
             JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.num ORDER BY k.place),
           'toColumns', ARRAY(SELECT a.attname FROM unnest(f.confkey) WITH ORDINALITY AS k (num, place)
             JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.num ORDER BY k.place)) ORDER BY f.conname), '[]')
        FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid
        WHERE f.conrelid = t.oid AND f.contype = 'f' AND f.conparentid = 0) AS "foreignKeys"
     FROM own t ORDER BY t.relname`,
  );
  return rows;
}
