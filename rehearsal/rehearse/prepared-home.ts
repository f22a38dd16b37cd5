import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Static } from 'typebox';
import type { MenuView, StorePage } from '../../src/contract/index.ts';
import { countStatements } from '../truth/database-reads.ts';
import { cleanEnvironment, type RehearsedServer, startServer } from './server.ts';

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

/** The seed of the store with a past, so that every rehearsal's is the same. */
const SEED = 1;
const DISHES = 40;
/** Ten million orders take some five minutes on a quiet machine. */
const SEED_WITHIN_MS = 900_000;
const MAIN = join(import.meta.dirname, '../../src/main.ts');

/**
 * Has a server make the database and the demo stores in `folder`, and stops it, so that its files are whole.
 * @param folder a temporary folder that the caller removes
 * @param history past orders of the crowd's store; 0 for a demo store as it opens
 */
export async function prepareHome(folder: string, history: number, signal: AbortSignal): Promise<PreparedHome> {
  const original = join(folder, 'prepared');
  const stores = (url: string) => getJson<Static<typeof StorePage>>(`${url}/api/v1/stores?limit=100`);
  const known = await withServer(original, signal, async ({ url }) => (await stores(url)).items.map(({ id }) => id));
  if (history > 0) await makeHistory(original, history, signal);
  const { storeId, menu } = await withServer(original, signal, async ({ url }) => {
    const { items } = await stores(url);
    const store = history > 0 ? items.find(({ id }) => !known.includes(id)) : items[0];
    if (!store) throw new Error('The store with a past was not found.');
    const menu = await getJson<MenuView>(`${url}/api/v1/stores/${store.id}/menu`);
    return { storeId: store.id, menu };
  });
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

async function withServer<T>(
  home: string,
  signal: AbortSignal,
  work: (server: RehearsedServer) => Promise<T>,
): Promise<T> {
  const server = await startServer(home, {}, signal);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** A brand of one store whose past orders fill the tables, by the seed command in the same home. */
async function makeHistory(home: string, orders: number, signal: AbortSignal): Promise<void> {
  const sizes = ['--stores', '1', '--items', `${DISHES}`, '--orders', `${orders}`, '--seed', `${SEED}`];
  await promisify(execFile)(process.execPath, [MAIN, 'seed', ...sizes], {
    env: { ...cleanEnvironment(), MATJIP_HOME: home },
    timeout: SEED_WITHIN_MS,
    signal,
  });
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`GET ${url} was answered with ${response.status}.`);
  return (await response.json()) as T;
}
