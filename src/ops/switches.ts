import type { Config } from '../config.ts';
import type { OpsView } from '../contract/index.ts';

type Told = 'value' | 'whether' | 'count';

/**
 * What may be told of the configuration, and how: of an address only whether there is one, as it may hold a password, and of a secret
 * nothing at all. What is not listed is not told.
 */
const SWITCHES: Readonly<Record<string, readonly [keyof Config, Told]>> = {
  CACHE: ['cache', 'value'],
  CACHE_REFRESH: ['cacheRefresh', 'value'],
  CACHE_TTL_MS: ['cacheTtlMs', 'value'],
  CACHE_SINGLE_FLIGHT: ['cacheSingleFlight', 'value'],
  CACHE_REFRESHER: ['cacheRefresher', 'value'],
  INTAKE: ['intake', 'value'],
  EFFECTS: ['effects', 'value'],
  ROLLUP: ['rollup', 'value'],
  OVERLOAD: ['overload', 'value'],
  LIMITS: ['limits', 'value'],
  WORK: ['work', 'value'],
  WORKERS: ['workers', 'value'],
  LOG_LEVEL: ['logLevel', 'value'],
  WEBHOOK_ALLOW_PRIVATE: ['webhookAllowPrivate', 'value'],
  DATABASE_CONNECTIONS: ['databaseConnections', 'value'],
  DATABASE_URL: ['databaseUrl', 'whether'],
  DATABASE_POOLER_URL: ['databasePoolerUrl', 'whether'],
  DATABASE_REPLICA_URL: ['databaseReplicaUrl', 'whether'],
  REDIS_URL: ['redisUrl', 'whether'],
  CACHE_URL: ['cacheUrl', 'whether'],
  TRUST_PROXY: ['trustProxy', 'count'],
};

/** The switches in force, under the names that they have in the environment. */
export function switchesOf(config: Config): OpsView['switches'] {
  return Object.entries(SWITCHES).map(([name, [key, told]]) => {
    const value = config[key];
    if (told === 'whether') return { name, value: value === undefined ? 'unset' : 'set' };
    return { name, value: String(told === 'count' ? (value as readonly string[]).length : value) };
  });
}
