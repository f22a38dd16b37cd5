import { execFile, execFileSync } from 'node:child_process';
import { appendFile, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { eventually } from './eventually.ts';
import { atEndOf, type Lifetime } from './lifetime.ts';
import { findProgram } from './programs.ts';
import { type Command, type Service, startService } from './services.ts';

/** Postgres never runs as root. */
const asRoot = process.getuid?.() === 0;
const idOf = (kind: 'u' | 'g'): number => Number(execFileSync('id', [`-${kind}`, 'postgres'], { encoding: 'utf8' }));
const ACCOUNT = asRoot ? { uid: idOf('u'), gid: idOf('g') } : undefined;

/** For a program that is to be started as whoever Postgres runs as. */
export const asPostgres: { readonly uid?: number; readonly gid?: number } = ACCOUNT ?? {};

const SETTINGS = {
  unix_socket_directories: '',
  fsync: 'off',
  shared_buffers: '32MB',
  max_connections: '60',
  wal_level: 'replica',
};

/** Runs a program of Postgres' as whoever may. @returns what it wrote */
export async function runPostgres(program: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(findProgram(program), args, asPostgres)).stdout;
}

/** A folder that Postgres may write to, gone at the end of `t`. */
export async function postgresFolder(t: Lifetime): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'matjip-postgres-'));
  if (ACCOUNT) await chown(folder, ACCOUNT.uid, ACCOUNT.gid);
  atEndOf(t, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The system's own Postgres, with its replication and its tools, which the embedded one lacks. Anybody on this machine may in. */
export interface SystemPostgres extends Service {
  readonly data: string;
}

/**
 * @param env on top of this process' own
 * @param data a folder with a cluster in it, such as a base backup; unset: a new one
 * @param settings on top of those for tests
 */
export async function startSystemPostgres(
  t: Lifetime,
  {
    data,
    settings = {},
    env = {},
  }: {
    data?: string;
    settings?: Readonly<Record<string, string>>;
    env?: Readonly<Record<string, string>>;
  } = {},
): Promise<SystemPostgres> {
  const folder = data ?? join(await postgresFolder(t), 'data');
  if (!data) await runPostgres('initdb', ['--pgdata', folder, '--username', 'matjip', '--auth', 'trust', '--no-sync']);
  const lines = Object.entries({ ...SETTINGS, ...settings }).map(([name, value]) => `${name} = '${value}'`);
  await appendFile(join(folder, 'postgresql.conf'), `\n${lines.join('\n')}\n`);
  const server = await startService(t, 'postgres', async (port): Promise<Command> => {
    const postgres = [findProgram('postgres'), '-D', folder, '-p', String(port), '-h', '127.0.0.1'];
    const as = ACCOUNT ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : [];
    const [program, ...args] = [
      ...as,
      'env',
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      ...postgres,
    ];
    return [program!, args];
  });
  const url = `postgres://matjip@127.0.0.1:${server.port}/postgres`;
  // It takes connections before it takes questions.
  await eventually(async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    await client.end();
  }, 'Postgres answers');
  return { ...server, url, data: folder };
}
