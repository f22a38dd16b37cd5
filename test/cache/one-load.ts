import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type ApiProcess, startApiProcesses } from '../support/processes.ts';
import { startMemcached, startRedis } from '../support/services.ts';
import { changeDish, dishOf, menuLoads, menuPath, openShops } from './scene.ts';

/** Who reads and from how many processes, each of which takes seconds to start. The long version has a thousand readers, as the promise has. */
export interface Crowd {
  readonly readers: number;
  readonly processes: number;
}
export const SHORT: Crowd = { readers: 240, processes: 3 };
export const LONG: Crowd = { readers: 1_000, processes: 4 };

/**
 * A machine with too much to do may keep the second tier, or the process that loads, from answering in time; then each
 * process loads for itself.
 */
const ATTEMPTS_MAX = 5;

/** Lets everybody read a menu that nobody has (any more): hardly anybody loads it, and in one attempt it is loaded once. */
async function assertOneLoad(
  processes: readonly ApiProcess[],
  read: (attempt: number) => Promise<unknown>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const before = await menuLoads(processes);
    await read(attempt);
    const loads = (await menuLoads(processes)) - before;
    assert.ok(loads >= 1 && loads <= processes.length * 5, `${loads} loads`);
    if (loads === 1) return;
  }
  assert.fail('It was loaded more than once in every attempt.');
}

/** Reads by everybody at once. Who is told on a slow machine to come again does so. @returns the menus */
export function everybodyReads(processes: readonly ApiProcess[], path: string, readers: number): Promise<unknown[]> {
  const read = (index: number) =>
    eventually(async () => {
      const { status, body } = await processes[index % processes.length]!.client.call(path);
      assert.equal(status, 200);
      return body;
    });
  return Promise.all(Array.from({ length: readers }, (_, index) => read(index)));
}

const passTime = (processes: readonly ApiProcess[], ms: number) =>
  Promise.all(processes.map((each) => each.passTime(ms)));

const TIERS: Readonly<Record<string, (t: TestContext) => Promise<string>>> = {
  Redis: async (t) => (await startRedis(t)).url,
  Memcached: async (t) => (await startMemcached(t)).url,
};

/** The proof with such a crowd, for each second tier. */
export function oneLoadSuite({ readers, processes: count }: Crowd): void {
  for (const [name, start] of Object.entries(TIERS))
    describe(`${readers} readers over ${count} processes, ${name}`, () => {
      test('a menu that nobody has, or that has just changed, is loaded from the database once', async (t) => {
        const { url, stores } = await openShops(t, ATTEMPTS_MAX);
        const processes = await startApiProcesses(t, url, count, {
          CACHE: 'tiered',
          CACHE_URL: await start(t),
        });
        await assertOneLoad(processes, (attempt) => everybodyReads(processes, menuPath(stores[attempt]!), readers));

        const store = stores[0]!;
        await everybodyReads(processes, menuPath(store), readers);
        await assertOneLoad(processes, async (attempt) => {
          const price = 9_900 + attempt;
          await changeDish(processes[0]!.client, store.id, store.dishes.soup.id, { price });
          // Past the time in which the old one may still be shown: the key is expired everywhere.
          await passTime(processes, 1_000);
          const menus = await everybodyReads(processes, menuPath(store), readers);
          for (const menu of menus) assert.equal(dishOf(menu, store.dishes.soup.id).price, price);
        });
      });

      test('CACHE_REFRESH=expiry: an expired menu is loaded from the database once', async (t) => {
        const { url, stores } = await openShops(t, 1);
        const lifetimeMs = 3_600_000;
        const processes = await startApiProcesses(t, url, count, {
          CACHE: 'tiered',
          CACHE_URL: await start(t),
          CACHE_REFRESH: 'expiry',
          CACHE_TTL_MS: String(lifetimeMs),
        });
        await everybodyReads(processes, menuPath(stores[0]!), readers);
        await assertOneLoad(processes, async () => {
          await passTime(processes, lifetimeMs);
          await everybodyReads(processes, menuPath(stores[0]!), readers);
        });
      });
    });
}
