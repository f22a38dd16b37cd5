import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BOUNDS } from '../../config.ts';
import { makeFolder } from '../files/durable-file.ts';
import { type Binaries, findBinaries } from './embedded/binaries.ts';
import { type DataFolder, prepareDataFolder, readPassword, unusable } from './embedded/data-folder.ts';
import { ensureDatabase } from './embedded/ensure-database.ts';
import { isAlive, takeHome } from './embedded/home-lock.ts';
import { keepPostmaster, watchPostmaster } from './embedded/keep-postmaster.ts';
import { readPostmaster, settle, startPostmaster, stopPostmaster } from './embedded/postmaster.ts';
import { removeEmptyPidFile, renewPassword } from './embedded/repair.ts';

export interface EmbeddedPostgres {
  /** A superuser's address of the database `matjip`. */
  readonly url: string;
  /** Stops Postgres within a minute, and lets go of the home. Of a joined one it only lets go. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Everything is kept here: the data in `postgres/`, and `postgres.password`, `postgres.port`, `postgres.log`. */
  readonly home: string;
  /** Told what takes long enough to wonder about. */
  readonly log?: (line: string) => void;
  /** Whether to use the Postgres of another process that holds this home; otherwise that is an error. */
  readonly join?: boolean;
  /** False: one that ends by itself is left as it is, for tests that start it again by themselves. */
  readonly keep?: boolean;
  /** Postgres settings on top of the durable ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Runs the Postgres that npm installed, with its data under `home`, for this process. One that a killed run left
 * behind is taken over. It listens on 127.0.0.1 only, is started again where it was when it ends by itself, and stops when
 * this process ends, even if killed.
 * @throws Error in one line that says what to do: home not writable or in use, data damaged, no programs for this machine
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { home, log = () => {}, settings = {} } = options;
  try {
    const binaries = await findBinaries();
    makeFolder(home);
    accessSync(home, constants.W_OK);
    const lock = takeHome(home);
    if ('holder' in lock) {
      if (options.join) return await joinPostgres(home, lock.holder.pid);
      throw new Error(
        `${home} is in use by a Matjip that runs already (process ${lock.holder.pid}): stop that one, or set MATJIP_HOME to another folder.`,
      );
    }
    let stop = async () => lock.release();
    try {
      const data = await healed(home, await prepareDataFolder(home, binaries, log), binaries, log);
      const postmaster = (await settle(data.path)) ?? (await startPostmaster(home, data, binaries, settings));
      const kept = (options.keep === false ? watchPostmaster : keepPostmaster)(postmaster, {
        start: async () =>
          (await settle(data.path)) ?? (await startPostmaster(home, data, binaries, settings, postmaster.port)),
        log,
        bounds: BOUNDS.embeddedPostgres,
        logFile: join(home, 'postgres.log'),
      });
      let stopped: Promise<void> | undefined;
      stop = () => {
        // Once only: by the second time, the home may be another process's.
        stopped ??= kept
          .release()
          .then(() => stopPostmaster(data, binaries))
          .finally(lock.release);
        return stopped;
      };
      return { url: await ensureDatabase(data.path, data.password, postmaster.port), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    throw explained(home, error as NodeJS.ErrnoException);
  }
}

/** What a power cut or a person did to the home is mended where nothing is lost by it. */
async function healed(
  home: string,
  data: DataFolder,
  binaries: Binaries,
  log: (line: string) => void,
): Promise<DataFolder> {
  await removeEmptyPidFile(data.path);
  if (data.password) return data;
  log('postgres.password is missing or empty; the embedded Postgres gets a new one.');
  if (await settle(data.path)) await stopPostmaster(data, binaries);
  return renewPassword(home, data, binaries);
}

const JOIN_WAIT_MAX_MS = 60_000;

/** The holder may be at its very first start still. */
async function joinPostgres(home: string, holder: number): Promise<EmbeddedPostgres> {
  const folder = join(home, 'postgres');
  const deadline = Date.now() + JOIN_WAIT_MAX_MS;
  for (;;) {
    const running = readPostmaster(folder);
    const password = readPassword(home);
    if (running?.ready && password)
      return { url: await ensureDatabase(folder, password, running.port), stop: async () => {} };
    if (!isAlive(holder) || Date.now() > deadline) {
      throw new Error(
        `The Matjip that uses ${home} (process ${holder}) has no database running: stop it and try again.`,
      );
    }
    await delay(50);
  }
}

/** Turns the system's refusals into what a person can do about them; other errors stay as they are. */
function explained(home: string, error: NodeJS.ErrnoException): Error {
  if (error.code === '28P01')
    return unusable(home, 'postgres.password is another one: delete that file, and a new one is made');
  const why = {
    EACCES: 'cannot be written: give yourself the right to',
    EPERM: 'cannot be written: give yourself the right to',
    EROFS: 'is on a read-only disk: make it writable',
    ENOSPC: 'is on a full disk: make room',
    EDQUOT: 'is over its disk quota: make room',
    ENOENT: 'cannot be made: make the folder above it',
    ENOTDIR: 'is no folder: move what is there away',
    EEXIST: 'is no folder: move what is there away',
  }[error.code ?? ''];
  return why ? new Error(`${home} ${why}, or set MATJIP_HOME to another folder.`, { cause: error }) : error;
}
