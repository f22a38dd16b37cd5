import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Cache, CacheSource } from '../../src/platform/cache/cache.ts';
import { createCaches } from '../../src/platform/cache/create-caches.ts';
import { createMetrics } from '../../src/platform/telemetry/metrics.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, type Service, startMemcached, startRedis, startRedisCluster } from '../support/services.ts';

/** Every key is there, at version 1, and its value names it. */
const source: CacheSource<string> = {
  versions: async (keys) => new Map(keys.map((key) => [key, '1'])),
  load: async (key) => ({ version: '1', value: `value of ${key} ${'.'.repeat(5_000)}` }),
};
const codec = { format: 1, encode: async (value: string) => value, decode: async (text: string) => text };

/** A process's cache in front of a second tier; each new key that is read has to go there. */
function openCache(t: TestContext, url: string) {
  const metrics = createMetrics();
  const caches = createCaches({
    cache: 'tiered',
    refresh: 'event',
    url,
    ttlMs: 10_000,
    singleFlight: true,
    refresher: false,
    metrics: metrics.cache,
  });
  t.after(() => caches.close());
  const cache = caches.cache({ name: 'menu', itemsMax: 10_000, codec }, source);
  const metric = async (name: string, label: string): Promise<number> => {
    const line = (await metrics.read()).split('\n').find((text) => text.startsWith(`${name}{`) && text.includes(label));
    return line ? Number(line.slice(line.lastIndexOf(' '))) : 0;
  };
  return { cache, metric };
}

let last = 0;
const freshKey = () => `key-${last++}`;

const READS = 300;

/** Reads many keys that nobody has read; of the tier's silence they may notice one command a second. */
async function readsGoOn({ cache, metric }: ReturnType<typeof openCache>): Promise<void> {
  const unanswered = async () =>
    (await metric('matjip_cache_tier_failures_total', 'timeout')) +
    (await metric('matjip_cache_tier_failures_total', 'unreachable'));
  const before = await unanswered();
  // biome-ignore lint/style/noRestrictedGlobals: what is allowed grows with the time that it took
  const startedMs = performance.now();
  for (let reader = 0; reader < READS; reader++) {
    const key = freshKey();
    assert.match((await cache.read(key)).value, new RegExp(`^value of ${key} `));
  }
  // biome-ignore lint/style/noRestrictedGlobals: as above
  const tookMs = performance.now() - startedMs;
  const waited = (await unanswered()) - before;
  assert.ok(waited <= 2 + tookMs / 1_000, `${waited} commands were waited for within ${Math.round(tookMs)} ms`);
}

/** Resolves when what one process stores is found by another. */
async function shares(t: TestContext, url: string, cache: Cache<string>): Promise<void> {
  const other = openCache(t, url);
  await eventually(async () => {
    const key = freshKey();
    await cache.read(key);
    await other.cache.read(key);
    const hits = await other.metric('matjip_cache_reads_total', 'tier="redis",outcome="hit"');
    const found = hits + (await other.metric('matjip_cache_reads_total', 'tier="memcached",outcome="hit"'));
    assert.ok(found > 0, 'the second tier is not back');
  });
}

const KINDS: Record<string, (t: TestContext, port?: number) => Promise<Service>> = {
  Redis: (t, port) => startRedis(t, [], port),
  Memcached: (t, port) => startMemcached(t, [], port),
};

for (const [kind, start] of Object.entries(KINDS)) {
  describe(kind, () => {
    test('killed: reads go on at once, and it is used again when it is back', async (t) => {
      const service = await start(t);
      const opened = openCache(t, service.url);
      const { cache } = opened;
      await shares(t, service.url, cache);
      process.kill(service.pid, 'SIGKILL');
      await service.stop();
      await readsGoOn(opened);
      await start(t, service.port);
      await shares(t, service.url, cache);
    });

    test('frozen: a bounded few milliseconds, then it is spared, and it is used again when it wakes', async (t) => {
      const service = await start(t);
      const opened = openCache(t, service.url);
      const { cache, metric } = opened;
      await shares(t, service.url, cache);
      process.kill(service.pid, 'SIGSTOP');
      await readsGoOn(opened);
      assert.equal(await metric('matjip_cache_tier_away', 'tier='), 1);
      assert.ok((await metric('matjip_cache_tier_failures_total', 'spared')) > READS);
      process.kill(service.pid, 'SIGCONT');
      await shares(t, service.url, cache);
      assert.equal(await metric('matjip_cache_tier_away', 'tier='), 0);
    });

    test('absent from the start: reads go on, and it is used when it comes', async (t) => {
      const port = await freePort();
      const url = `${kind.toLowerCase()}://127.0.0.1:${port}`;
      const opened = openCache(t, url);
      const { cache } = opened;
      await readsGoOn(opened);
      await start(t, port);
      await shares(t, url, cache);
    });
  });
}

test('flushed: what was there is made again', async (t) => {
  const service = await startRedis(t);
  const opened = openCache(t, service.url);
  const { cache } = opened;
  await shares(t, service.url, cache);
  const redis = new Redis(service.url);
  t.after(() => redis.disconnect());
  await redis.flushall();
  await readsGoOn(opened);
  await shares(t, service.url, cache);
});

test('full: reads go on, and what is there is still used', async (t) => {
  const service = await startRedis(t, ['--maxmemory', '3mb', '--maxmemory-policy', 'noeviction']);
  const opened = openCache(t, service.url);
  const { cache, metric } = opened;
  await shares(t, service.url, cache);
  const redis = new Redis(service.url);
  t.after(() => redis.disconnect());
  for (let index = 0; ; index++) {
    const stored = await redis.set(`filling-${index}`, 'x'.repeat(50_000)).catch(() => 'full');
    if (stored === 'full') break;
  }
  await readsGoOn(opened);
  // One that a busy machine was late to hear is believed away for a second; a refusal that it does hear says that it is not.
  await eventually(async () => {
    await cache.read(freshKey());
    assert.equal(await metric('matjip_cache_tier_away', 'tier='), 0, 'a full tier is not away');
  });
  assert.ok((await metric('matjip_cache_tier_failures_total', 'reason="refused"')) > 0);
  await redis.flushall();
  await shares(t, service.url, cache);
});

test('failing at every moment of a read, it is still nobody’s error', async (t) => {
  const service = await startRedis(t);
  const { cache } = openCache(t, service.url);
  await shares(t, service.url, cache);
  for (let round = 0; round < 80; round++) {
    const reading = Promise.all(Array.from({ length: 50 }, () => cache.read(freshKey())));
    for (let turns = Math.random() * 40; turns > 0; turns--) await turn();
    process.kill(service.pid, round % 2 === 0 ? 'SIGSTOP' : 'SIGCONT');
    await reading;
  }
});

test('the wrong password: reads go on', async (t) => {
  const service = await startRedis(t, ['--requirepass', 'the-right-password']);
  const opened = openCache(t, service.url.replace('redis://', 'redis://:the-wrong-password@'));
  await readsGoOn(opened);
  const right = service.url.replace('redis://', 'redis://:the-right-password@');
  await shares(t, right, openCache(t, right).cache);
});

test('one node of a Cluster killed: reads go on', async (t) => {
  const cluster = await startRedisCluster(t);
  const opened = openCache(t, cluster.url);
  const { cache } = opened;
  await shares(t, cluster.url, cache);
  process.kill(cluster.nodes[2]!.pid, 'SIGKILL');
  // A third of the keys has lost its node; each time that is found out costs 50 ms and a second of doing without.
  await readsGoOn(opened);
});

test('text that nobody understands is as good as nothing', async (t) => {
  const service = await startRedis(t);
  const opened = openCache(t, service.url);
  const { cache } = opened;
  await shares(t, service.url, cache);
  const redis = new Redis(service.url);
  t.after(() => redis.disconnect());
  for (const [index, text] of ['', 'not json', '{"value":7}', '{"value":{"text":1}}'].entries()) {
    await redis.set(`matjip:menu.1:{planted-${index}}@1`, text);
    assert.match((await cache.read(`planted-${index}`)).value, new RegExp(`^value of planted-${index} `));
  }
});
