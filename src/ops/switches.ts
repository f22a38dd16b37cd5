import type { Config } from '../config.ts';
import type { OpsView } from '../contract/index.ts';

type Told = 'value' | 'whether' | 'count';

/**
 * What is told of each value of the configuration: of an address only whether there is one, as it may hold a password, and of a secret
 * nothing at all. A new value has to be put here before it compiles.
 */
const SWITCHES: Readonly<Record<keyof Config, readonly [name: string, told: Told] | 'untold'>> = {
  cache: ['CACHE', 'value'],
  cacheRefresh: ['CACHE_REFRESH', 'value'],
  cacheTtlMs: ['CACHE_TTL_MS', 'value'],
  cacheSingleFlight: ['CACHE_SINGLE_FLIGHT', 'value'],
  cacheRefresher: ['CACHE_REFRESHER', 'value'],
  intake: ['INTAKE', 'value'],
  effects: ['EFFECTS', 'value'],
  rollup: ['ROLLUP', 'value'],
  overload: ['OVERLOAD', 'value'],
  limits: ['LIMITS', 'value'],
  payment: ['PAYMENT', 'value'],
  work: ['WORK', 'value'],
  workers: ['WORKERS', 'value'],
  logLevel: ['LOG_LEVEL', 'value'],
  webhookAllowPrivate: ['WEBHOOK_ALLOW_PRIVATE', 'value'],
  databaseConnections: ['DATABASE_CONNECTIONS', 'value'],
  databaseUrl: ['DATABASE_URL', 'whether'],
  databasePoolerUrl: ['DATABASE_POOLER_URL', 'whether'],
  databaseReplicaUrl: ['DATABASE_REPLICA_URL', 'whether'],
  redisUrl: ['REDIS_URL', 'whether'],
  cacheUrl: ['CACHE_URL', 'whether'],
  publicUrl: ['PUBLIC_URL', 'whether'],
  paymentUrl: ['PAYMENT_URL', 'whether'],
  tracesUrl: ['OTEL_EXPORTER_OTLP_ENDPOINT', 'whether'],
  tracesShare: ['OTEL_TRACES_SAMPLER_ARG', 'value'],
  trustProxy: ['TRUST_PROXY', 'count'],
  opsPort: ['OPS_PORT', 'whether'],
  port: 'untold',
  host: 'untold',
  home: 'untold',
  secret: 'untold',
  secretPrevious: 'untold',
  adminKey: 'untold',
  printKey: 'untold',
};

/** The switches in force, under the names that they have in the environment. */
export function switchesOf(config: Config): OpsView['switches'] {
  return (Object.keys(SWITCHES) as (keyof Config)[]).flatMap((key) => {
    const said = SWITCHES[key];
    if (said === 'untold') return [];
    const [name, told] = said;
    const value = config[key];
    if (told === 'whether') return { name, value: value === undefined ? 'unset' : 'set' };
    return { name, value: String(told === 'count' ? (value as readonly string[]).length : value) };
  });
}
