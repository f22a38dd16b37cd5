import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Static } from 'typebox';
import type { MenuView, StorePage } from '../../src/contract/index.ts';
import { countStatements } from '../truth/database-reads.ts';
import { startServer } from './server.ts';

/** Identical data for every rung, down to the ids: made once, then copied. */
export interface PreparedHome {
  /** The store that the crowd comes to, and its menu before anybody changed it. */
  readonly storeId: string;
  readonly menu: MenuView;
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
  let storeId: string;
  let menu: MenuView;
  try {
    storeId = (await getJson<Static<typeof StorePage>>(`${server.url}/api/v1/stores`)).items[0]!.id;
    menu = await getJson<MenuView>(`${server.url}/api/v1/stores/${storeId}/menu`);
  } finally {
    await server.stop();
  }
  countStatements(original);
  return {
    storeId,
    menu,
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

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`GET ${url} was answered with ${response.status}.`);
  return (await response.json()) as T;
}
