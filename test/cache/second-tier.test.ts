import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createMemcachedTier } from '../../src/platform/cache/memcached-tier.ts';
import { createRedisTier } from '../../src/platform/cache/redis-tier.ts';
import type { SecondTier } from '../../src/platform/cache/second-tier.ts';
import { eventually } from '../support/eventually.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { startMemcached, startRedis, startRedisCluster } from '../support/services.ts';
import { bentoDriverSuite } from './bento-suite.ts';

const TIERS: Record<string, (lifetime: Lifetime) => Promise<SecondTier>> = {
  Redis: async (lifetime) => createRedisTier((await startRedis(lifetime)).url),
  'a three-node Redis Cluster': async (lifetime) => createRedisTier((await startRedisCluster(lifetime)).url),
  Memcached: async (lifetime) => createMemcachedTier((await startMemcached(lifetime)).url, 50),
  'two Memcacheds': async (lifetime) => {
    const both = await Promise.all([startMemcached(lifetime), startMemcached(lifetime)]);
    return createMemcachedTier(both.map(({ url }) => url).join(','), 50);
  },
};

for (const [name, start] of Object.entries(TIERS)) {
  describe(name, () => {
    let tier: SecondTier;
    const ends: (() => Promise<void>)[] = [];
    before(async () => {
      tier = await start({ after: (end) => void ends.push(end) });
      // Opening one waits for nothing.
      await eventually(() => tier.get('ready?'));
    });
    after(async () => {
      await tier?.close();
      for (const end of ends) await end();
    });

    bentoDriverSuite(name, () => tier);

    test('gives back what it was given, also large values and every letter', async () => {
      for (const value of ['', 'x', '떡볶이 "hot"\r\nEND\r\n🌶️', 'ㄱ'.repeat(300_000)]) {
        await tier.set('values:one', value, 60_000);
        assert.equal(await tier.get('values:one'), value);
      }
    });

    test('keeps apart a hundred values that are asked for at once', async () => {
      const keys = Array.from({ length: 100 }, (_, index) => `many:${index}`);
      await Promise.all(keys.map((key, index) => tier.set(key, `${key} `.repeat(index * 50), 60_000)));
      const values = await Promise.all(keys.map((key) => tier.get(key)));
      assert.deepEqual(
        values,
        keys.map((key, index) => `${key} `.repeat(index * 50)),
      );
    });

    test('takes keys of any length and letters', async () => {
      const keys = ['spaces in it', 'new\nline', '메뉴', 'k'.repeat(1_000), 'k'.repeat(1_001), '{store}@1.2'];
      for (const key of keys) await tier.set(key, `of ${key}`, 60_000);
      for (const key of keys) assert.equal(await tier.get(key), `of ${key}`);
    });

    test('add sets only what nobody has set: of a hundred callers one', async () => {
      const won = await Promise.all(Array.from({ length: 100 }, (_, index) => tier.add('lock:a', `${index}`, 5_000)));
      assert.equal(won.filter(Boolean).length, 1);
      assert.equal(await tier.get('lock:a'), String(won.indexOf(true)));
    });

    test('what was added ends by itself', async () => {
      assert.equal(await tier.add('lock:short', 'me', 1_000), true);
      await eventually(async () => assert.equal(await tier.get('lock:short'), undefined));
      assert.equal(await tier.add('lock:short', 'you', 1_000), true);
    });

    test('deleteIf leaves a lock alone that another has taken', async () => {
      await tier.set('lock:b', 'theirs', 5_000);
      await tier.deleteIf('lock:b', 'mine');
      assert.equal(await tier.get('lock:b'), 'theirs');
      await tier.deleteIf('lock:b', 'theirs');
      assert.equal(await tier.get('lock:b'), undefined);
    });

    test('clear forgets a prefix and nothing that only begins alike', async () => {
      await tier.set('menu:1', 'a');
      await tier.set('menu:deep:2', 'b');
      await tier.set('menus:3', 'c');
      await tier.clear('menu');
      assert.deepEqual(await Promise.all(['menu:1', 'menu:deep:2', 'menus:3'].map((key) => tier.get(key))), [
        undefined,
        undefined,
        'c',
      ]);
      await tier.set('menu:1', 'again');
      assert.equal(await tier.get('menu:1'), 'again');
    });
  });
}
