import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Asks the Postgres in a server's home itself, so that the count does not depend on what the server says of itself. */
export interface DatabaseReads {
  /** Statements that only read, since Postgres was started. Left out are locks, the job channel's own, and this counter's. */
  count(): Promise<number>;
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

export async function openDatabaseReads(home: string): Promise<DatabaseReads> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[PORT_LINE]),
    user: 'matjip',
    database: 'matjip',
    password: readFileSync(join(home, 'postgres.password'), 'utf8').trim(),
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
    close: () => client.end(),
  };
}
