import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export interface TransactionCounter {
  /** Transactions of the database since it was made. Postgres is up to a second behind with it. */
  read(): Promise<number>;
  /** For people: which Postgres it is. */
  readonly version: string;
  close(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 2_000;
/** The line of `postmaster.pid` with the port. */
const PORT_LINE = 3;

/** Asks the Postgres in a server's home itself, so that the count does not depend on what the server says of itself. */
export async function countTransactions(home: string): Promise<TransactionCounter> {
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
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return {
    version: rows[0]!.server_version,
    async read() {
      const answer = await client.query<{ done: string }>(
        'SELECT xact_commit + xact_rollback AS done FROM pg_stat_database WHERE datname = current_database()',
      );
      return Number(answer.rows[0]!.done);
    },
    close: () => client.end(),
  };
}
