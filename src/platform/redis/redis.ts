import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress } from './redis-address.ts';

export type RedisClient = Redis | Cluster;

export interface RedisConnectOptions {
  /**
   * `commands`: answers or fails within `COMMAND_TIMEOUT_MS`, also while Redis is away. `blocking`: for one command
   * that waits; fails when the connection does and is not made again. `subscriber`: comes back by itself for ever.
   */
  readonly as: 'commands' | 'blocking' | 'subscriber';
  /** For `commands`: false when the caller bounds each command itself. */
  readonly bounded?: boolean;
  /** Told of each lost or refused connection; what a caller notices is a failing command. */
  readonly onError?: (error: Error) => void;
}

/** Redis answers within one; past this the truth in Postgres is nearer. */
const COMMAND_TIMEOUT_MS = 100;
const CONNECT_TIMEOUT_MS = 1_000;
/**
 * A connection on which nothing comes for so long is given up while something is asked: then commands fail at once rather than each
 * after its time, and a Redis that wakes up, or another way to it, is found by connecting anew.
 */
const SILENT_MS = 1_000;
/** With the second in which the owed gap is told, screens are right well within 5 s of a Redis that is back. */
const RECONNECT_MAX_MS = 1_000;
/** Each costs a Cluster one command. */
const SLOTS_REFRESH_MS = 2_000;

const reconnectMs = (times: number): number => Math.min(50 * 2 ** Math.min(times, 8), RECONNECT_MAX_MS);

/** What was the primary has become a replica and keeps its connections: whoever is at the address now is found by connecting anew. */
const isDemoted = (error: Error): boolean => /\bREADONLY\b/.test(error.message);

/**
 * Connects to one Redis, to the one that Sentinels name, or to a Cluster when there are several addresses. Never throws: what cannot
 * connect fails its commands.
 */
export function connectRedis(urls: string, { as, bounded = true, onError }: RedisConnectOptions): RedisClient {
  const options: RedisOptions = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: as === 'subscriber' ? null : 0,
    keepAlive: 10_000,
    // What waits for a slip is silent for longer, and whoever waits sees to it.
    ...(as !== 'blocking' && { socketTimeout: SILENT_MS }),
    // Whoever subscribes does it again on each connection, to know when it stands.
    autoResubscribe: false,
    ...(as === 'commands' && {
      ...(bounded && { commandTimeout: COMMAND_TIMEOUT_MS }),
      autoResendUnfulfilledCommands: false,
    }),
  };
  const again = as === 'blocking' ? () => null : reconnectMs;
  const ofOne: RedisOptions = {
    ...options,
    enableOfflineQueue: as !== 'commands',
    retryStrategy: again,
    reconnectOnError: isDemoted,
  };
  const address = parseRedisAddress(urls);
  const client =
    address.kind === 'cluster'
      ? new Cluster([...address.urls], {
          redisOptions: { ...options, ...address.options },
          shardedSubscribers: as === 'subscriber',
          // A node that died must not stop a command for longer than a guest notices.
          slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
          enableOfflineQueue: as !== 'commands',
          clusterRetryStrategy: again,
        })
      : address.kind === 'sentinel'
        ? new Redis({
            ...ofOne,
            ...address.options,
            sentinelRetryStrategy: again,
            sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
          })
        : new Redis(address.url, ofOne);
  client.on('error', (error: Error) => onError?.(error));
  if (client instanceof Cluster) refreshSlots(client);
  return client;
}

/**
 * A subscription of a node that died is made again with the next refresh. The library's own `slotsRefreshInterval` goes on for ever, and keeps the
 * process, when it is closed while a refresh is under way.
 */
function refreshSlots(cluster: Cluster): void {
  const timer = setInterval(() => cluster.status === 'ready' && cluster.refreshSlotsCache(), SLOTS_REFRESH_MS).unref();
  cluster.once('end', () => clearInterval(timer));
}

/** Waits until it can take commands, or until `waitMs` are over: a start must not hang on a Redis that is away. */
export async function untilReady(client: RedisClient, waitMs: number): Promise<boolean> {
  if (client.status === 'ready') return true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), waitMs);
    client.once('ready', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
