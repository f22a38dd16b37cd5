import type { Queryable } from '../platform/db/pool.ts';
import type { TableFile } from './files.ts';
import { quoted } from './partitions.ts';

/** What rows are made of: all that is stored by itself. */
export async function columnsOf(db: Queryable, table: string): Promise<TableFile['columns']> {
  const { rows } = await db.query<{ name: string; type: string }>(
    `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [quoted(table)],
  );
  return rows;
}

/**
 * All rows of a table as CSV in the order of its key, so that the same rows are the same text: on every machine, since words are
 * ordered by their bytes.
 */
export async function copyRowsOut(db: Queryable, table: string, columns: TableFile['columns']): Promise<string> {
  const { rows: key } = await db.query<{ name: string; isText: boolean }>(
    `SELECT a.attname::text AS name, a.attcollation <> 0 AS "isText"
     FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = $1::regclass AND i.indisprimary ORDER BY k.place`,
    [quoted(table)],
  );
  const order = key.map(({ name, isText }) => quoted(name) + (isText ? ' COLLATE "C"' : ''));
  return `COPY (SELECT ${namesOf(columns)} FROM ${quoted(table)} ORDER BY ${order.join(', ')}) TO STDOUT (FORMAT csv, HEADER)`;
}

export const copyRowsIn = (table: string, columns: TableFile['columns']): string =>
  `COPY ${quoted(table)} (${namesOf(columns)}) FROM STDIN (FORMAT csv, HEADER MATCH)`;

const namesOf = (columns: TableFile['columns']): string => columns.map(({ name }) => quoted(name)).join(', ');
