import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cluster, Redis } from 'ioredis';
import { isAlive } from '../../src/platform/db/embedded/home-lock.ts';
import { launchBrowser } from './chromium.ts';
import { findProgram } from './programs.ts';
import { startMemcached, startNginx, startRedis, startRedisCluster } from './services.ts';

test('a Redis answers, and is gone when stopped', async (t) => {
  const service = await startRedis(t);
  const redis = new Redis(service.url, { retryStrategy: () => null });
  await redis.set('a', '1');
  assert.equal(await redis.get('a'), '1');
  redis.disconnect();
  await service.stop();
  assert.equal(isAlive(service.pid), false);
});

test('a Redis Cluster spreads keys over three masters', async (t) => {
  const { nodes } = await startRedisCluster(t);
  const cluster = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
  t.after(() => cluster.disconnect());
  await Promise.all(Array.from({ length: 100 }, (_, i) => cluster.set(`key-${i}`, i)));
  const sizes = await Promise.all(cluster.nodes('master').map((node) => node.dbsize()));
  assert.equal(sizes.length, 3);
  assert.equal(
    sizes.reduce((sum, size) => sum + size),
    100,
  );
  assert.ok(sizes.every((size) => size > 0));
});

test('a Memcached and an nginx answer', async (t) => {
  const memcached = await startMemcached(t);
  assert.equal(isAlive(memcached.pid), true);
  const nginx = await startNginx(
    t,
    (port) => `events {} http { access_log off; server { listen 127.0.0.1:${port}; return 200 'hello'; } }`,
  );
  assert.equal(await (await fetch(nginx.url)).text(), 'hello');
});

test('a program that ends at once says why', async (t) => {
  await assert.rejects(startRedis(t, ['--no-such-option', 'x']), /ended at once.*no-such-option/s);
});

test('a browser renders a page', async (t) => {
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.setContent('<h1>맛집</h1>');
  assert.equal(await page.textContent('h1'), '맛집');
});

test('a program that is missing is named with what to install', () => {
  assert.throws(() => findProgram('no-such-program'), /not in test\/support\/programs.json/);
});
