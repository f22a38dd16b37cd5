import { BOUNDS } from '../config.ts';
import type { LiveMessage } from '../contract/index.ts';
import {
  type BoardCache,
  createMemoryBoardCache,
  createMemorySlipSignal,
  createRedisBoardCache,
  createRedisSlipSignal,
  type SlipSignal,
  toMoves,
} from '../kitchen/index.ts';
import { createMemorySoldOutItems, createRedisSoldOutItems, type SoldOutItems } from '../menu/index.ts';
import {
  createKnownOrders,
  createRedisLineExchange,
  createRedisSnapshotCache,
  createUncachedSnapshots,
  type KnownOrders,
  type LineExchange,
  type SnapshotCache,
} from '../order/index.ts';
import { afterCommit } from '../platform/db/after-commit.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { type Announcer, announce } from '../platform/live/announcer.ts';
import { connectPostgresLive } from '../platform/live/postgres-live.ts';
import { connectRedisLive, createRedisPublisher } from '../platform/live/redis-live.ts';
import type { LiveHub, LiveWatch } from '../platform/live/topics.ts';
import { connectRedis, untilReady } from '../platform/redis/redis.ts';
import { createMemoryCounts, createRedisCounts, type RankingCounts } from '../ranking/index.ts';
import { createMemoryPlaces, createRedisPlaces, type Places } from '../waitlist/index.ts';

/** Post-commit notifications: who hears of a committed change. All of it may be lost and is rebuilt from Postgres. */
export interface Notifications {
  readonly announcer: Announcer;
  readonly slipSignal: SlipSignal;
  readonly boardCache: BoardCache;
  readonly snapshots: SnapshotCache;
  /** Keeps orders that this process placed; undefined where none are kept. */
  readonly known: KnownOrders | undefined;
  readonly ranking: RankingPlaces;
  /** Where each party stands in its line. */
  readonly places: Places;
  readonly soldOut: SoldOutItems;
  /** Where processes add up their virtual lines; undefined without Redis. */
  readonly lineExchange: LineExchange | undefined;
  /** Of the Redis that is told; undefined without Redis. @throws the connection's error */
  redisVersion(): Promise<string | undefined>;
  /** Only a process with open pages or waiting printers needs to hear. */
  connectHub(watch: LiveWatch): Promise<LiveHub>;
  close(): Promise<void>;
}

/** Where rankings are counted. */
export interface RankingPlaces {
  /** This process's own. */
  readonly own: RankingCounts;
  /** All processes' together; undefined without Redis. */
  readonly shared: RankingCounts | undefined;
}

interface Log {
  warn(details: object): void;
}

/** Where what is missing is read: guests' orders, strangers' boards and menus apart, so that none waits for another. */
export interface NotificationReads {
  readonly status: Queryable;
  readonly public: Queryable;
  readonly menus: Queryable;
}

/**
 * Without Redis: Postgres NOTIFY carries the messages, and each process keeps what it needs.
 * @param knownOrdersMax 0: guests' orders are read each time
 */
export function createNotificationsInProcess(
  databaseUrl: string,
  reads: NotificationReads,
  knownOrdersMax = 0,
): Notifications {
  const known = knownOrdersMax > 0 ? createKnownOrders(reads.status, knownOrdersMax) : undefined;
  const slipSignal = createMemorySlipSignal();
  const boardCache = createMemoryBoardCache(reads.public);
  const places = createMemoryPlaces(reads.status);
  const soldOut = createMemorySoldOutItems(reads.menus);
  return {
    announcer: {
      async announce(tx, messages) {
        // Whoever joins a line or changes a dish here asks at once, before the notification has come round.
        const own = messages.filter(({ kind }) => kind === 'waitlist' || kind === 'menu');
        const hear = (message: LiveMessage) => {
          if (message.kind === 'waitlist') void places.moved(message);
          else if (message.kind === 'menu') void soldOut.changed(message.storeId, message);
        };
        if (own.length > 0) afterCommit(tx, () => own.forEach(hear));
        await announce(tx, messages);
      },
    },
    places,
    slipSignal,
    boardCache,
    snapshots: known ?? createUncachedSnapshots(reads.status),
    known,
    ranking: { own: createMemoryCounts(BOUNDS.ranking.placesMax), shared: undefined },
    soldOut,
    lineExchange: undefined,
    redisVersion: async () => undefined,
    async connectHub(watch) {
      const hub = await connectPostgresLive(databaseUrl, watch, BOUNDS.live);
      hub.subscribe('slips', async (message) => {
        if (message.kind === 'slips') await slipSignal.notify(slipPlaces(message));
      });
      // What was signalled meanwhile nobody heard: whoever waits looks.
      hub.onGap(() => slipSignal.notifyAll());
      hub.subscribe('waitlist', async (message) => {
        if (message.kind === 'waitlist') await places.moved(message);
      });
      hub.subscribe('order', async (message) => {
        if (message.kind !== 'order') return;
        for (const move of toMoves(message)) await boardCache.moved(message.storeId, move);
      });
      hub.subscribe('menu', async (message) => {
        if (message.kind === 'menu') await soldOut.changed(message.storeId, message);
      });
      return hub;
    },
    close: () => slipSignal.close(),
  };
}

/** A start waits this long for Redis, then goes on without it. */
const REDIS_READY_MS = 1_000;

/** With Redis: whoever committed writes it down there and publishes it; all processes share what is kept. */
export async function connectRedisNotifications(
  redisUrl: string,
  reads: NotificationReads,
  log: Log,
): Promise<Notifications> {
  let away = false;
  const redis = connectRedis(redisUrl, {
    as: 'commands',
    onError: (error) => {
      if (!away) log.warn({ message: 'Redis is away; everything goes on from Postgres.', reason: error.message });
      away = true;
    },
  });
  redis.on('ready', () => {
    away = false;
  });
  await untilReady(redis, REDIS_READY_MS);
  const publish = createRedisPublisher(redis);
  const slipSignal = createRedisSlipSignal(redis, () => connectRedis(redisUrl, { as: 'blocking' }));
  const boardCache = createRedisBoardCache(redis, reads.public);
  const snapshots = createRedisSnapshotCache(redis, reads.status);
  const places = createRedisPlaces(redis, reads.status, createMemoryPlaces(reads.status));
  const soldOut = createRedisSoldOutItems(redis, reads.menus);

  // Sent over one connection in this order, so whoever hears of a change finds it written down.
  const notify = (messages: readonly LiveMessage[]): void => {
    const works: Promise<unknown>[] = [];
    for (const message of messages) {
      if (message.kind === 'order') {
        works.push(snapshots.moved(message.storeId, message.event));
        works.push(...toMoves(message).map((move) => boardCache.moved(message.storeId, move)));
      } else if (message.kind === 'slips') works.push(slipSignal.notify(slipPlaces(message)));
      else if (message.kind === 'waitlist') works.push(places.moved(message));
      else if (message.kind === 'menu') works.push(soldOut.changed(message.storeId, message));
      else if (message.kind === 'moved' || message.kind === 'changed')
        works.push(snapshots.rewritten(message.storeId, message.orderIds));
    }
    works.push(publish(messages));
    // What Redis did not take is read from Postgres when its time is over.
    void Promise.allSettled(works);
  };
  return {
    announcer: {
      async announce(tx, messages) {
        if (messages.length > 0) afterCommit(tx, () => notify(messages));
      },
    },
    slipSignal,
    boardCache,
    snapshots,
    known: undefined,
    ranking: { own: createMemoryCounts(BOUNDS.ranking.placesMax), shared: createRedisCounts(redis) },
    lineExchange: createRedisLineExchange(redis),
    redisVersion: async () => /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1],
    places,
    soldOut,
    connectHub: async (watch) => connectRedisLive(redisUrl, redis, watch, BOUNDS.live.heartbeat),
    async close() {
      await slipSignal.close();
      redis.disconnect();
    },
  };
}

const slipPlaces = ({ storeId, stations }: Extract<LiveMessage, { kind: 'slips' }>) =>
  stations.map((station) => ({ storeId, station }));
