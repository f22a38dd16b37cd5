import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeOnce } from '../../files/durable-file.ts';
import { type Binaries, findLauncher, type Launcher } from './binaries.ts';

/** The one role and the one database of an embedded Postgres. */
export const NAME = 'matjip';

export interface DataFolder {
  readonly path: string;
  /** Empty: lost. */
  readonly password: string;
  readonly launcher: Launcher;
}

/**
 * Finds the data folder under `home`, or makes it. It is made beside its place and moved there when complete, so an
 * interrupted first start leaves nothing that a second one could trip over.
 * @throws Error when the folder is there but not whole; nothing is ever deleted
 */
export async function prepareDataFolder(
  home: string,
  binaries: Binaries,
  log: (line: string) => void,
): Promise<DataFolder> {
  const path = join(home, 'postgres');
  if (existsSync(path)) {
    if (!existsSync(join(path, 'PG_VERSION'))) throw unusable(home, 'PG_VERSION is missing');
    return { path, password: readPassword(home) ?? '', launcher: findLauncher(binaries, path) };
  }
  log('Making the embedded Postgres, once.');
  const workshop = join(home, 'postgres.new');
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { mode: 0o700 });
  try {
    writeOnce(join(home, 'postgres.password'), randomBytes(24).toString('base64url'), 0o600);
    const password = readPassword(home)!;
    const launcher = findLauncher(binaries, workshop);
    const made = join(workshop, 'data');
    const pwfile = join(workshop, 'password');
    writeFileSync(pwfile, password, { mode: 0o600 });
    mkdirSync(made, { mode: 0o700 });
    if (launcher.account) {
      for (const each of [workshop, pwfile, made]) chownSync(each, launcher.account.uid, launcher.account.gid);
    }
    const args = [
      ...['--pgdata', made, '--username', NAME, '--pwfile', pwfile, '--auth', 'scram-sha-256', '--encoding', 'UTF8'],
      ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--no-instructions'],
    ];
    const [file, all] = launcher.command(binaries.initdb, args);
    await promisify(execFile)(file, all, launcher.options).catch((error) => {
      throw new Error(`The embedded Postgres could not be made in ${home}: ${lastLine(error.stderr) || error.message}`);
    });
    renameSync(made, path);
    return { path, password, launcher };
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** @returns undefined when the file is missing or empty: without it nobody gets in */
export function readPassword(home: string): string | undefined {
  try {
    return readFileSync(join(home, 'postgres.password'), 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** The error for a data folder that Postgres cannot work with: why, and what to do. */
export function unusable(home: string, reason: string): Error {
  return new Error(
    `The embedded Postgres in ${join(home, 'postgres')} does not start (${reason}): mend that, or move ${home} away to begin afresh, or set MATJIP_HOME to another folder. Nothing was deleted.`,
  );
}

function lastLine(text: string | undefined): string {
  return text?.trim().split('\n').at(-1)?.trim() ?? '';
}
