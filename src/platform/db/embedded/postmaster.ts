import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeDurably } from '../../files/durable-file.ts';
import type { Binaries } from './binaries.ts';
import { type DataFolder, unusable } from './data-folder.ts';
import { isAlive } from './home-lock.ts';

/** A running Postgres as its own `postmaster.pid` describes it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** Crash recovery of the 2 GB of log that `max_wal_size` allows takes under a minute on a slow disk. */
const START_MAX_MS = 120_000;
/** A fast stop writes one checkpoint of at most 256 MB. */
const STOP_MAX_S = 30;
const POLL_MS = 20;
/** After this much, the log begins anew; one older log is kept. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;
const START_TRIES_MAX = 20;
const RETRY_PAUSE_MS = 500;

/** Durable first; the rest suits a small machine with an SSD and short statements. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  wal_compression: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // Statements here take about a millisecond; compiling one takes a hundred.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  // A statement's text may hold a guest's note.
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/**
 * Starts Postgres in a session of its own, so that a Ctrl-C meant for us leaves it alone until requests are drained.
 * @param onPort where it must listen, because its clients know it there already; unset: where it did last time, or anywhere
 * @throws Error with Postgres' own last word when it does not come up
 */
export async function startPostmaster(
  home: string,
  data: DataFolder,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
  onPort?: number,
): Promise<Postmaster> {
  for (let tries = 1; ; tries++) {
    const port = onPort ?? (await choosePort(join(home, 'postgres.port')));
    const options = Object.entries({ ...SETTINGS, ...settings, port: String(port) }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const logFile = join(home, 'postgres.log');
    const { child, logFrom } = spawnLogged(
      logFile,
      data,
      data.launcher.command(binaries.postgres, ['-D', data.path, ...options]),
    );
    const deadline = Date.now() + START_MAX_MS;
    while (child.pid && child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const running = readPostmaster(data.path);
      if (running?.ready && running.pid === child.pid) {
        writeDurably(join(home, 'postgres.port'), String(port), 0o644);
        return running;
      }
      await delay(POLL_MS);
    }
    child.kill('SIGINT');
    const said = readFileSync(logFile, 'utf8').slice(logFrom);
    // Someone took the port between our look and Postgres', or the processes of a killed one are still going away.
    const passing = /Address already in use|pre-existing shared memory|"postmaster.pid" already exists/.test(said);
    if (!passing || tries === START_TRIES_MAX) throw unusable(home, `${lastWord(said)}; see ${logFile}`);
    await delay(RETRY_PAUSE_MS);
  }
}

function spawnLogged(logFile: string, { launcher }: DataFolder, [file, args]: readonly [string, string[]]) {
  let logFrom = 0;
  try {
    logFrom = statSync(logFile).size;
  } catch {}
  if (logFrom > LOG_BYTES_MAX) {
    renameSync(logFile, `${logFile}.1`);
    logFrom = 0;
  }
  const log = openSync(logFile, 'a', 0o600);
  try {
    const child: ChildProcess = spawn(file, args, {
      ...launcher.options,
      detached: true,
      stdio: ['ignore', log, log],
    });
    child.on('error', () => {});
    child.unref();
    return { child, logFrom };
  } finally {
    closeSync(log);
  }
}

function lastWord(said: string): string {
  const lines = said.trim().split('\n');
  const line = lines.findLast((each) => /FATAL|PANIC/.test(each)) ?? lines.at(-1);
  return line?.replace(/^.*?(FATAL|PANIC):\s*/, '').trim() || 'it did not start and said nothing';
}

/** What `postmaster.pid` in the data folder says, if the process that it names is alive. */
export function readPostmaster(folder: string): (Postmaster & { ready: boolean }) | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!(pid > 0) || !isAlive(pid) || !looksLikePostgres(pid)) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** After a reboot the process id may be anybody's. Where there is no /proc, Postgres itself sorts that out. */
function looksLikePostgres(pid: number): boolean {
  try {
    return /postgres|setpriv/.test(readFileSync(`/proc/${pid}/comm`, 'utf8'));
  } catch {
    return true;
  }
}

/** Waits for a Postgres that is neither ready nor gone. Resolves with the ready one, or nothing when it went. */
export async function settle(folder: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + START_MAX_MS;
  for (;;) {
    const running = readPostmaster(folder);
    if (!running || running.ready) return running;
    if (Date.now() > deadline)
      throw new Error(`The Postgres with process id ${running.pid} neither starts nor stops: end it and try again.`);
    await delay(POLL_MS);
  }
}

/** Stops Postgres: fast, and at the bound immediately, which loses nothing but makes the next start recover. */
export async function stopPostmaster(data: DataFolder, binaries: Binaries): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    if (!readPostmaster(data.path)) return;
    const stop = ['stop', '-D', data.path, '-m', mode, '-w', '-t', String(STOP_MAX_S), '-s'];
    const [file, args] = data.launcher.command(binaries.pg_ctl, stop);
    await promisify(execFile)(file, args, data.launcher.options).catch(() => {});
  }
}

/** The port of last time if it is free, so that addresses stay the same between starts; else one the system gives. */
async function choosePort(file: string): Promise<number> {
  let remembered = 0;
  try {
    remembered = Number(readFileSync(file, 'utf8')) || 0;
  } catch {}
  return (await freePort(remembered)) ?? (await freePort(0)) ?? remembered;
}

function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
