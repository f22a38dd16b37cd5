import { after } from 'node:test';
import { Cluster } from 'ioredis';
import { connectRedis, type RedisClient, untilReady } from '../../src/platform/redis/redis.ts';
import { createMemoryCounts } from '../../src/ranking/memory-counts.ts';
import type { RankingCounts } from '../../src/ranking/ports.ts';
import { createRedisCounts } from '../../src/ranking/redis-counts.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';
import { startRedis, startRedisCluster } from '../support/services.ts';
import { countsSuite } from './counts-suite.ts';

const [redis, cluster] = await Promise.all([startRedis({ after }), startRedisCluster({ after })]);

async function connect(url: string): Promise<RedisClient> {
  // On a busy machine an answer may take longer than a guest should wait for it.
  const client = connectRedis(url, { as: 'commands', bounded: false });
  atEndOf({ after }, async () => client.disconnect());
  await eventually(() => untilReady(client, 1_000), `Redis at ${url} is ready`);
  return client;
}

const flush = async (client: RedisClient): Promise<void> => {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  await Promise.all(nodes.map((node) => node.flushall()));
};

// Before the first test is known: what a file waits for afterwards may find its services ended.
const clients = { Redis: await connect(redis.url), 'a Cluster of three': await connect(cluster.url) };

let memory = createMemoryCounts(100);
const forgetful = new Proxy({} as RankingCounts, { get: (_, method: keyof RankingCounts) => memory[method] });
countsSuite('in process', forgetful, async () => {
  memory = createMemoryCounts(100);
});
for (const [name, client] of Object.entries(clients)) {
  countsSuite(name, createRedisCounts(client), () => flush(client));
}
