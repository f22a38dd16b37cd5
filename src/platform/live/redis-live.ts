import { Cluster } from 'ioredis';
import type { LiveMessage } from '../../contract/index.ts';
import { connectRedis, type RedisClient } from '../redis.ts';
import { type HeartbeatBounds, startHeartbeat } from './heartbeat.ts';
import { HEARTBEAT } from './live-hub.ts';
import { createTopics, type LiveHub, type LiveWatch } from './topics.ts';

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

/** One life of the subscriptions: a client that subscribed to all channels. */
interface Subscriber {
  disconnect(): void;
}

/**
 * The hub by Redis publish and subscribe, sharded on a Cluster. Postgres then carries no notifications: their queue is
 * one for the whole server and is locked by every commit that notifies. Subscriptions that went silent are noticed by
 * their heartbeat and made anew.
 * @param publisher says the heartbeats
 */
export function connectRedisLiveHub(
  urls: string,
  publisher: RedisClient,
  watch: LiveWatch,
  bounds: HeartbeatBounds,
): LiveHub {
  const topics = createTopics(watch);
  const channels = Array.from({ length: CHANNELS }, (_, index) => `matjip:live:${index}`);
  // Of one Redis all channels come over one connection; the nodes of a Cluster have each their own.
  const lines = publisher instanceof Cluster ? channels : channels.slice(0, 1);
  const heard = (channel: string, pack: string) => {
    heartbeat.heard(lines.length > 1 ? channel : lines[0]!);
    topics.hear(pack);
  };

  function subscribe(): Subscriber {
    let losses = 0;
    const client = connectRedis(urls, {
      as: 'subscriber',
      onError: (error) => {
        // One line for each time it is lost, not one for each attempt.
        if (losses === 0) watch.lost(error.message);
        losses += 1;
      },
    });
    let left = false;
    let timer: NodeJS.Timeout | undefined;
    // Whoever began to watch before a subscription stands has heard nothing: each one that stands ends with a gap.
    const stands = () => {
      if (left) return;
      losses = 0;
      topics.gap();
    };
    if (client instanceof Cluster) {
      client.on('smessage', heard);
      client.on('subscribersReady', () => {
        // The library says so when it has sent the subscriptions, and not when they were answered.
        clearTimeout(timer);
        timer = setTimeout(stands, ANSWERED_WITHIN_MS);
      });
      // It waits for the Cluster as long as it takes, and a close ends the wait.
      Promise.all(channels.map((channel) => client.ssubscribe(channel))).then(stands, () => {});
    } else {
      client.on('message', heard);
      client.on('ready', () => client.subscribe(...channels).then(stands, () => {}));
    }
    return {
      disconnect() {
        left = true;
        clearTimeout(timer);
        client.disconnect();
      },
    };
  }

  let subscriber = subscribe();
  const heartbeat = startHeartbeat(
    lines,
    bounds,
    (line) => (publisher instanceof Cluster ? publisher.spublish(line, HEARTBEAT) : publisher.publish(line, HEARTBEAT)),
    () => {
      watch.lost('it was silent');
      subscriber.disconnect();
      subscriber = subscribe();
    },
  );
  return {
    subscribe: topics.subscribe,
    onGap: topics.onGap,
    async close() {
      heartbeat.stop();
      subscriber.disconnect();
    },
  };
}
