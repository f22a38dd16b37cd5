import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Asks the Postgres in a server's home itself, so that the count does not depend on what the server says of itself. */
export interface DatabaseReads {
  /** Statements that only read, since Postgres was started. Left out are locks, the job queue's own, and this counter's. */
  count(): Promise<number>;
  /** Statements of all kinds since Postgres was started, and the bytes of pages touched and of log written; without this counter's own. */
  work(): Promise<{ statements: number; bytes: number }>;
  /** Takes away what tuning adds: every index that is no key. @returns how many there were */
  dropIndexes(): Promise<number>;
  /** For people: which Postgres it is. */
  readonly version: string;
  close(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 2_000;
/** The line of `postmaster.pid` with the port. */
const PORT_LINE = 3;

/** Has the Postgres of a home that is not running count statements from its next start on. */
export function countStatements(home: string): void {
  appendFileSync(join(home, 'postgres/postgresql.conf'), "\nshared_preload_libraries = 'pg_stat_statements'\n");
}

/** Where the Postgres of a home that is running answers. */
export function databaseAddress(home: string): string {
  const port = Number(readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[PORT_LINE]);
  const password = encodeURIComponent(readFileSync(join(home, 'postgres.password'), 'utf8').trim());
  return `postgres://matjip:${password}@127.0.0.1:${port}/matjip`;
}

export async function openDatabaseReads(home: string): Promise<DatabaseReads> {
  const client = new pg.Client({
    connectionString: databaseAddress(home),
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'matjip-rehearsal',
  });
  client.on('error', () => {});
  await client.connect();
  // In a schema of its own, out of the way of everything that the server looks at.
  await client.query('CREATE SCHEMA IF NOT EXISTS rehearsal');
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA rehearsal');
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return {
    version: rows[0]!.server_version,
    async count() {
      const answer = await client.query<{ calls: string | null }>(
        `SELECT sum(calls) AS calls FROM rehearsal.pg_stat_statements
         WHERE query ~* '^\\s*SELECT' AND query !~* 'pg_stat_statements|graphile_worker|pg_notify|FOR UPDATE'`,
      );
      return Number(answer.rows[0]!.calls ?? 0);
    },
    async work() {
      const answer = await client.query<{ calls: string | null; bytes: string | null }>(
        `SELECT sum(calls) AS calls,
                sum((shared_blks_hit + shared_blks_read) * current_setting('block_size')::bigint + wal_bytes) AS bytes
         FROM rehearsal.pg_stat_statements WHERE query !~* 'pg_stat_statements'`,
      );
      const [row] = answer.rows;
      return { statements: Number(row?.calls ?? 0), bytes: Number(row?.bytes ?? 0) };
    },
    async dropIndexes() {
      // Of a partitioned table its own index; those of the partitions go with it.
      const { rows } = await client.query<{ name: string }>(
        `SELECT format('%I.%I', n.nspname, c.relname) AS name
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND NOT i.indisunique AND NOT c.relispartition`,
      );
      for (const { name } of rows) await client.query(`DROP INDEX IF EXISTS ${name}`);
      return rows.length;
    },
    close: () => client.end(),
  };
}
