import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startServer } from './server.ts';

/** Identical data for every rung, down to the ids: made once, then copied. */
export interface PreparedHome {
  /** A fresh copy, ready for a server. */
  copy(name: string): Promise<string>;
  /** Removes a copy. */
  discard(home: string): Promise<void>;
}

/**
 * Has a server make the database and the demo stores in `folder`, and stops it, so that its files are whole.
 * @param folder a temporary folder that the caller removes
 */
export async function prepareHome(folder: string, signal: AbortSignal): Promise<PreparedHome> {
  const original = join(folder, 'prepared');
  const server = await startServer(original, {}, signal);
  await server.stop();
  return {
    async copy(name) {
      const home = join(folder, name);
      await rm(home, { recursive: true, force: true });
      // Postgres refuses files that belong to somebody else, and Node's own copy makes them ours.
      if (process.platform === 'win32') await cp(original, home, { recursive: true });
      else await promisify(execFile)('cp', ['-Rp', original, home]);
      return home;
    },
    discard: (home) => rm(home, { recursive: true, force: true }),
  };
}
