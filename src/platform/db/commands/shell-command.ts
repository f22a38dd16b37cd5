import { spawn } from 'node:child_process';
import { withClient } from '../with-client.ts';
import { answerTo, runSqlPrompt } from './sql-prompt.ts';
import { type DatabaseConfig, withDatabaseUrl } from './with-database.ts';

export interface ShellOptions {
  /** Answered instead of asking for statements. */
  readonly command?: string;
}

/**
 * `matjip db shell`: statements for the database of the config, which may be in use by a server: in psql where it is installed, and
 * otherwise at a prompt of our own, as the embedded Postgres brings none.
 * @throws Error of Postgres for a `command` that it refuses
 */
export async function shellCommand(config: DatabaseConfig, { command }: ShellOptions): Promise<void> {
  await withDatabaseUrl(config, async (url) => {
    const connection = { connectionString: url, application_name: 'db shell', connectionTimeoutMillis: 10_000 };
    if (command !== undefined) {
      return withClient(connection, async (client) => console.log(await answerTo(client, command)));
    }
    if (await runPsql(url)) return;
    return withClient(connection, (client) => runSqlPrompt(client, process.stdin, process.stdout));
  });
}

/** @returns false when there is no psql */
function runPsql(url: string): Promise<boolean> {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  // Not among the arguments, which anybody on this machine reads in the list of processes.
  address.password = '';
  const env = { ...process.env, ...(password && { PGPASSWORD: password }) };
  // Ctrl-C is psql's: it ends a statement there and not the shell.
  const leave = () => {};
  process.on('SIGINT', leave);
  return new Promise<boolean>((resolve, reject) => {
    const psql = spawn('psql', [`--dbname=${address}`], { stdio: 'inherit', env });
    psql.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(false) : reject(error)));
    psql.once('exit', () => resolve(true));
  }).finally(() => process.off('SIGINT', leave));
}
