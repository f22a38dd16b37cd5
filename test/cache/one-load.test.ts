import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type ApiProcess, startApiProcesses } from '../support/processes.ts';
import { startMemcached, startRedis } from '../support/services.ts';
import { changeDish, dishOf, menuLoads, menuPath, metric, openShops } from './scene.ts';

const PROCESSES = 4;
const READERS = 1_000;

const TIERS = {
  Redis: async (t: TestContext) => (await startRedis(t)).url,
  Memcached: async (t: TestContext) => (await startMemcached(t)).url,
};

/** One load, or what got in the way of it. */
async function oneLoad(processes: readonly ApiProcess[], before = 0): Promise<void> {
  const loads = (await menuLoads(processes)) - before;
  const failures = await metric(processes, 'matjip_cache_tier_failures_total');
  assert.equal(loads, 1, `${loads} loads; ${failures} commands of the second tier failed`);
}

async function everybodyReads(processes: readonly ApiProcess[], path: string): Promise<unknown[]> {
  const answers = await Promise.all(
    Array.from({ length: READERS }, (_, index) => processes[index % PROCESSES]!.client.call(path)),
  );
  for (const { status } of answers) assert.equal(status, 200);
  return answers.map(({ body }) => body);
}

for (const [name, start] of Object.entries(TIERS)) {
  describe(`1,000 readers over 4 processes, ${name}`, () => {
    test('a menu that nobody has, or that has just changed, is loaded from the database once', async (t) => {
      const { url, stores } = await openShops(t, 1);
      const store = stores[0]!;
      const processes = await startApiProcesses(t, url, PROCESSES, { CACHE: 'tiered', CACHE_URL: await start(t) });
      await everybodyReads(processes, menuPath(store));
      await oneLoad(processes);
      assert.equal(await metric(processes, 'matjip_cache_reads_total', 'place="menu"', 'tier="memory"'), READERS);

      await changeDish(processes[0]!.client, store.id, store.dishes.soup.id, { price: 9_900 });
      // Past the time in which the old one may still be shown: the key is expired everywhere.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const menus = await everybodyReads(processes, menuPath(store));
      for (const menu of menus) assert.equal(dishOf(menu, store.dishes.soup.id).price, 9_900);
      await oneLoad(processes, 1);
    });

    test('CACHE_REFRESH=expiry: an expired menu is loaded from the database once', async (t) => {
      const { url, stores } = await openShops(t, 1);
      const processes = await startApiProcesses(t, url, PROCESSES, {
        CACHE: 'tiered',
        CACHE_URL: await start(t),
        CACHE_REFRESH: 'expiry',
        CACHE_TTL_MS: '3000',
      });
      await everybodyReads(processes, menuPath(stores[0]!));
      const before = await menuLoads(processes);
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      await everybodyReads(processes, menuPath(stores[0]!));
      await oneLoad(processes, before);
    });
  });
}

test('CACHE_SINGLE_FLIGHT=off shows the stampede: an expired menu is loaded by every reader that meets it', async (t) => {
  const { url, stores } = await openShops(t, 1);
  const processes = await startApiProcesses(t, url, PROCESSES, {
    CACHE_REFRESH: 'expiry',
    CACHE_SINGLE_FLIGHT: 'off',
    CACHE_TTL_MS: '60000',
  });
  await everybodyReads(processes, menuPath(stores[0]!));
  assert.ok((await menuLoads(processes)) > 20, 'hardly anybody loaded');
});
