import { Cluster } from 'ioredis';
import type { LiveMessage } from '../../contract/index.ts';
import { connectRedis, type RedisClient } from '../redis.ts';
import { createTopics, type LiveHub } from './topics.ts';

/**
 * Stores share this many channels. One channel would put a whole franchise's messages on one node of a Cluster; one a
 * store would make every process subscribe to thousands.
 */
const CHANNELS = 16;

const ANSWERED_WITHIN_MS = 250;

/** A store's channel: the same in every process. */
function channelOf(storeId: string): string {
  // The last digits of a UUIDv7 are random.
  return `matjip:live:${Number.parseInt(storeId.slice(-4), 16) % CHANNELS}`;
}

/** Tells every process by Redis. A message that Redis does not take is lost: pages ask again within half a minute. */
export function createRedisPublisher(redis: RedisClient) {
  const sharded = redis instanceof Cluster;
  return async (messages: readonly LiveMessage[]): Promise<void> => {
    const packs = Map.groupBy(messages, (message) => channelOf(message.storeId));
    await Promise.all(
      [...packs].map(([channel, pack]) =>
        sharded ? redis.spublish(channel, JSON.stringify(pack)) : redis.publish(channel, JSON.stringify(pack)),
      ),
    );
  };
}

/**
 * The hub by Redis publish and subscribe, sharded on a Cluster. Postgres then carries no notifications: their queue is
 * one for the whole server and is locked by every commit that notifies.
 */
export function connectRedisLiveHub(urls: string, log: { warn(details: object): void }): LiveHub {
  const topics = createTopics();
  let losses = 0;
  const client = connectRedis(urls, {
    as: 'subscriber',
    onError: (error) => {
      // One line for each time it is lost, not one for each attempt.
      if (losses === 0) log.warn({ message: 'Redis is away; open pages follow by polling.', reason: error.message });
      losses += 1;
    },
  });
  const back = () => {
    losses = 0;
    topics.gap();
  };
  const channels = Array.from({ length: CHANNELS }, (_, index) => `matjip:live:${index}`);
  const heard = (_channel: string, pack: string) => topics.hear(pack);
  let timer: NodeJS.Timeout | undefined;
  // Whoever began to watch before a subscription stands has heard nothing: each one that stands ends with a gap.
  if (client instanceof Cluster) {
    client.on('smessage', heard);
    client.on('subscribersReady', () => {
      // The library says so when it has sent the subscriptions, and not when they were answered.
      clearTimeout(timer);
      timer = setTimeout(back, ANSWERED_WITHIN_MS);
    });
    // It waits for the Cluster as long as it takes, and a close ends the wait.
    Promise.all(channels.map((channel) => client.ssubscribe(channel))).then(back, () => {});
  } else {
    client.on('message', heard);
    client.on('ready', () => client.subscribe(...channels).then(back, () => {}));
  }
  return {
    subscribe: topics.subscribe,
    onGap: topics.onGap,
    async close() {
      clearTimeout(timer);
      client.disconnect();
    },
  };
}
