import { Cluster } from 'ioredis';
import type { LiveMessage } from '../../contract/index.ts';
import { connectRedis, type RedisClient } from '../redis/redis.ts';
import { type HeartbeatBounds, startHeartbeat } from './heartbeat.ts';
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

/** No message at all: heard by every version of Matjip, and nothing happens. */
const HEARTBEAT = '[]';

/** Says that something could not be announced: whoever watches reads again. Another version ignores it. */
const GAP = '[{"kind":"gap"}]';
const isGap = (pack: string): boolean => pack === GAP;

/** After Redis took nothing, so often is tried whether it takes the gap. */
const GAP_TRY_MS = 1_000;
/** Many processes find Redis back at the same moment; their pages read again once. */
const GAPS_TOGETHER_MS = 250;

/**
 * Tells every process by Redis. What Redis does not take is lost, and when it takes something again, those who hear the channel are
 * told that they have missed something.
 */
export function createRedisPublisher(redis: RedisClient) {
  const send = (channel: string, pack: string) =>
    redis instanceof Cluster ? redis.spublish(channel, pack) : redis.publish(channel, pack);
  const missed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function owe(channel: string): void {
    missed.add(channel);
    timer ??= setInterval(() => {
      for (const each of missed)
        send(each, GAP).then(
          () => missed.delete(each),
          () => {},
        );
      if (missed.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    }, GAP_TRY_MS).unref();
  }

  return async (messages: readonly LiveMessage[]): Promise<void> => {
    const packs = Map.groupBy(messages, (message) => channelOf(message.storeId));
    await Promise.all(
      [...packs].map(([channel, pack]) =>
        send(channel, JSON.stringify(pack)).catch((error) => {
          owe(channel);
          throw error;
        }),
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
export function connectRedisLive(
  urls: string,
  publisher: RedisClient,
  watch: LiveWatch,
  bounds: HeartbeatBounds,
): LiveHub {
  const topics = createTopics(watch);
  const channels = Array.from({ length: CHANNELS }, (_, index) => `matjip:live:${index}`);
  // Of one Redis all channels come over one connection; the nodes of a Cluster have each their own.
  const lines = publisher instanceof Cluster ? channels : channels.slice(0, 1);
  let gapTimer: NodeJS.Timeout | undefined;
  const gap = () => {
    gapTimer = undefined;
    topics.gap();
  };
  const heard = (channel: string, pack: string) => {
    heartbeat.heard(lines.length > 1 ? channel : lines[0]!);
    if (isGap(pack)) gapTimer ??= setTimeout(gap, GAPS_TOGETHER_MS);
    else topics.hear(pack);
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
      clearTimeout(gapTimer);
      subscriber.disconnect();
    },
  };
}
