import { test } from 'node:test';
import { startRedisCluster } from '../support/services.ts';
import { losePartOfRedis } from './redis-goes-on.ts';

test('a Redis Cluster loses one of its three nodes for good while guests order: nobody is refused, all of it goes on from Postgres', async (t) => {
  const cluster = await startRedisCluster(t);
  await losePartOfRedis(t, cluster.url, () => process.kill(cluster.nodes[1]!.pid, 'SIGKILL'));
});
