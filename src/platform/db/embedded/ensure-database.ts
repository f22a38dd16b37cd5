import { realpathSync } from 'node:fs';
import type pg from 'pg';
import { withClient } from '../with-client.ts';
import { NAME } from './data-folder.ts';

const MISSING_DATABASE = '3D000';
/** What Postgres answers when another process has just made the database, or is making it at the same moment. */
const MADE_BY_ANOTHER = ['42P04', '23505'];

const to = (url: string): pg.ClientConfig => ({ connectionString: url, connectionTimeoutMillis: 10_000 });

/**
 * Makes sure that the Postgres on `port` is the one of `folder` and has our database.
 * @returns the database's address
 */
export async function ensureDatabase(folder: string, password: string, port: number): Promise<string> {
  const address = (database: string) => `postgres://${NAME}:${password}@127.0.0.1:${port}/${database}`;
  try {
    await verify(address(NAME), folder);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== MISSING_DATABASE) throw error;
    await withClient(to(address('postgres')), (client) => client.query(`CREATE DATABASE ${NAME}`)).catch((failure) => {
      if (!MADE_BY_ANOTHER.includes(failure.code)) throw failure;
    });
    await verify(address(NAME), folder);
  }
  return address(NAME);
}

async function verify(url: string, folder: string): Promise<void> {
  const { rows } = await withClient(to(url), (client) =>
    client.query<{ data_directory: string }>('SHOW data_directory'),
  );
  const served = rows[0]?.data_directory ?? '';
  if (realpathSync(served) !== realpathSync(folder)) {
    throw new Error(`A Postgres of another folder (${served}) answers in place of ${folder}'s: stop it and try again.`);
  }
}
