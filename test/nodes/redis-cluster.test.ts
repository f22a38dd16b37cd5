import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Cluster } from 'ioredis';
import { connectRedis } from '../../src/platform/redis/redis.ts';
import { startRedisCluster } from '../support/services.ts';
import { losePartOfRedis } from './redis-goes-on.ts';

test('a Redis Cluster loses one of its three nodes for good while guests order: nobody is refused, all of it goes on from Postgres', async (t) => {
  const cluster = await startRedisCluster(t);
  await losePartOfRedis(t, cluster.url, () => process.kill(cluster.nodes[1]!.pid, 'SIGKILL'));
});

test('a client of a Cluster that is closed while it asks who has what is closed: it never asks again, and keeps no process', async (t) => {
  const cluster = await startRedisCluster(t);
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const client = connectRedis(cluster.url, { as: 'commands' }) as Cluster;
  await once(client, 'ready');
  let asked = 0;
  const ask = client.refreshSlotsCache.bind(client);
  client.refreshSlotsCache = (answered) => {
    asked += 1;
    ask(answered);
  };
  t.mock.timers.tick(2_000);
  assert.equal(asked, 1);
  client.disconnect();
  await once(client, 'end');
  for (let passed = 0; passed < 10; passed += 1) {
    await setImmediate();
    t.mock.timers.tick(2_000);
  }
  t.mock.timers.reset();
  assert.equal(asked, 1);
});
