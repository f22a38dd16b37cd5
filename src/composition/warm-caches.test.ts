import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../config.ts';
import { Problem } from '../platform/http/problem.ts';
import { warmCaches } from './warm-caches.ts';

/** Caches of which the one for menus says so many times that the database is too slow; the stores are those that sell. */
function slowMenus(
  tooSlow: number,
  { refresh = 'event', sells = true }: { refresh?: 'event' | 'expiry'; sells?: boolean } = {},
) {
  const asked: string[] = [];
  const told: object[] = [];
  const read = async (key: string) => {
    asked.push(key);
    if (key === 'menu 1' && tooSlow-- > 0) throw new Problem('unavailable', { retryAfterS: 1 });
    return {} as never;
  };
  const parts = {
    db: { public: { query: async () => ({ rows: sells ? [{ id: '1', slug: 'one' }] : [] }) } },
    log: { info: (details: object) => told.push(details) },
  };
  const caches = {
    stores: { find: (name: string) => read(`store ${name}`) },
    storeListCache: { read: () => read('list') },
    menuCache: { read: (id: string) => read(`menu ${id}`) },
  };
  const warm = () => warmCaches({ cache: 'memory', cacheRefresh: refresh }, parts as never, caches as never);
  return { warm, asked, told };
}

test('a process is started with the list, and with the stores and menus of those that sell', async () => {
  const { warm, asked, told } = slowMenus(0);
  await warm();
  assert.deepEqual(asked.toSorted(), ['list', 'menu 1', 'store 1', 'store one']);
  assert.deepEqual(told, []);
});

test('a database that is slow is asked so many times, and then the process starts without', async () => {
  const { triesMax } = BOUNDS.warmCaches;
  const slow = slowMenus(triesMax - 1);
  await slow.warm();
  assert.deepEqual([slow.asked.length, slow.told.length], [4 + triesMax - 1, 0]);
  const slower = slowMenus(triesMax);
  await slower.warm();
  assert.deepEqual([slower.asked.length, slower.told.length], [4 + triesMax - 1, 1]);
});

test('where nobody has ordered yet, and where a reader’s own load is shown, nothing is read ahead', async () => {
  for (const where of [{ sells: false }, { refresh: 'expiry' }] as const) {
    const { warm, asked } = slowMenus(0, where);
    await warm();
    assert.deepEqual(asked, []);
  }
});
