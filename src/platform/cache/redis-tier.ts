import { Cluster, type Redis } from 'ioredis';
import { connectRedis } from '../redis/redis.ts';
import { RefusedByTier, type SecondTier } from './second-tier.ts';

const SCAN_COUNT = 1_000;

/** Compare and delete in one step, so that nobody's lock is taken from them. */
const DELETE_IF = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** Redis, or a Redis Cluster when several addresses are given. */
export function createRedisTier(urls: string): SecondTier {
  const redis = connectRedis(urls, { as: 'commands', bounded: false });
  const answered = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await command;
    } catch (error) {
      if ((error as Error).name === 'ReplyError') throw new RefusedByTier((error as Error).message);
      throw error;
    }
  };

  async function clearNode(node: Redis, pattern: string): Promise<void> {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT);
      // One by one: the keys of one command of a Cluster must share a slot.
      await Promise.all(keys.map((key) => redis.unlink(key)));
      cursor = next;
    } while (cursor !== '0');
  }

  return {
    name: 'redis',
    get: async (key) => (await answered(redis.get(key))) ?? undefined,
    async set(key, value, lifetimeMs) {
      await answered(
        lifetimeMs === undefined
          ? redis.set(key, value)
          : redis.set(key, value, 'PX', Math.max(1, Math.ceil(lifetimeMs))),
      );
    },
    add: async (key, value, lifetimeMs) =>
      (await answered(redis.set(key, value, 'PX', Math.max(1, Math.ceil(lifetimeMs)), 'NX'))) === 'OK',
    delete: async (key) => (await answered(redis.unlink(key))) > 0,
    async deleteIf(key, value) {
      await answered(redis.eval(DELETE_IF, 1, key, value));
    },
    async clear(prefix) {
      const pattern = prefix ? `${prefix.replace(/[\\*?[\]]/g, '\\$&')}:*` : '*';
      const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
      await answered(Promise.all(nodes.map((node) => clearNode(node, pattern))));
    },
    async close() {
      redis.disconnect();
    },
  };
}
