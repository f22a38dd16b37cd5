import { resolve } from 'node:path';
import { CONNECTIONS_BOUNDS } from './config/connections.ts';
import { DATABASE_BOUNDS } from './config/database.ts';
import { ORDERING_BOUNDS } from './config/ordering.ts';
import {
  ConfigError,
  cacheTier,
  integer,
  longKey,
  needing,
  oneOf,
  origin,
  otherPort,
  proxies,
  redis,
  secret,
  share,
  url,
} from './config/parse.ts';
import { PROCESSES_BOUNDS } from './config/processes.ts';
import { STAFF_BOUNDS } from './config/staff.ts';
import { WORK_BOUNDS } from './config/work.ts';

export { ConfigError };

/**
 * Reads the environment once; the only place that does.
 * @throws ConfigError for the first value that is not allowed.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const read = <T>(name: string, parse: (name: string, value: string) => T): T | undefined => {
    const value = env[name]?.trim();
    return value ? parse(name, value) : undefined;
  };
  const redisUrl = read('REDIS_URL', redis);
  const ownSecret = read('SECRET', secret);
  const port = read('PORT', integer(0, 65_535)) ?? 3000;
  const cacheUrl = read('CACHE_URL', cacheTier) ?? redisUrl;
  return {
    /** Unset: an embedded Postgres under `home`. */
    databaseUrl: read('DATABASE_URL', url('postgres', 'postgresql')),
    /** A pooler in transaction mode before that database, for requests; unset: they connect directly, as all else does. */
    databasePoolerUrl: read('DATABASE_POOLER_URL', url('postgres', 'postgresql')),
    /** Connections of one process's requests; see `BOUNDS.db`. */
    databaseConnections: read('DATABASE_CONNECTIONS', integer(7, 29)) ?? 29,
    /** A streaming replica of that database for what may be a little old: the owner's sales. Unset: the database itself. */
    databaseReplicaUrl: read('DATABASE_REPLICA_URL', url('postgres', 'postgresql')),
    /** Unset: everything that Redis would do is done in process. Several addresses: a Cluster; `redis-sentinel://`: Sentinels. */
    redisUrl,
    cacheUrl,
    port,
    /** Where `/metrics`, `/readyz`, `/ops` and `/docs` are, instead of at `port`; unset: there as well. */
    opsPort: read('OPS_PORT', otherPort(port)),
    host: env.HOST?.trim() || '127.0.0.1',
    /** What links and QR codes begin with. Unset: an address in the local network, where `HOST` lets others in. */
    publicUrl: read('PUBLIC_URL', origin),
    /** API processes. More than the cores only takes turns; 64 is more than any single node needs. */
    workers: read('WORKERS', integer(1, 64)) ?? 1,
    /** Signs guest tokens, places in the line, kitchen keys and stream tickets. Unset: made once and kept under `home`. */
    secret: ownSecret,
    /** The `SECRET` before this one, while it is rotated: what it signed is still believed, and nothing is signed by it. */
    secretPrevious: read('SECRET_PREVIOUS', (name, value) => {
      if (!ownSecret) throw new ConfigError(`${name}: a SECRET is needed beside it, which signs what is new.`);
      if (value === ownSecret) throw new ConfigError(`${name}: another one than SECRET is needed, the one before it.`);
      return value;
    }),
    adminKey: read('ADMIN_KEY', longKey),
    /** With it `matjip print-agent` asks for slips: a device's key or a store's kitchen key. */
    printKey: env.PRINT_KEY?.trim() || undefined,
    home: resolve(env.MATJIP_HOME?.trim() || '.matjip'),
    cache: read('CACHE', needing(cacheUrl, oneOf('off', 'memory', 'tiered'))) ?? 'memory',
    /** How long `expiry` keeps, how often `external` refreshes. */
    cacheTtlMs: read('CACHE_TTL_MS', integer(100, 3_600_000)) ?? 10_000,
    /** `off` only to show the stampede of `CACHE_REFRESH=expiry`. */
    cacheSingleFlight: read('CACHE_SINGLE_FLIGHT', oneOf('on', 'off')) ?? 'on',
    /** `off`: with `CACHE_REFRESH=external` another process refreshes, or nobody. */
    cacheRefresher: read('CACHE_REFRESHER', oneOf('on', 'off')) ?? 'on',
    cacheRefresh: read('CACHE_REFRESH', oneOf('event', 'expiry', 'external', 'never')) ?? 'event',
    intake: read('INTAKE', oneOf('direct', 'grouped')) ?? 'grouped',
    effects: read('EFFECTS', oneOf('inline', 'queued')) ?? 'queued',
    /** `off`: this process serves only, and `matjip work` runs the jobs. */
    work: read('WORK', oneOf('on', 'off')) ?? 'on',
    /** `on`: webhooks may go to http and private addresses, for trials in one's own network. */
    webhookAllowPrivate: read('WEBHOOK_ALLOW_PRIVATE', oneOf('on', 'off')) ?? 'off',
    /** Proxies whose `X-Forwarded-For` names the client; unset: the client is the socket's peer. */
    trustProxy: read('TRUST_PROXY', proxies) ?? [],
    /** `off`: no bounds per client and table session, for load tests, where one address is a whole crowd. */
    limits: read('LIMITS', oneOf('on', 'off')) ?? 'on',
    /** `off`: a full process refuses nothing before it works, so that what overload control is worth can be measured. */
    overload: read('OVERLOAD', oneOf('on', 'off')) ?? 'on',
    /** Who takes guests' money by phone: nobody, or a provider to try it with, whose money is not real. */
    payment: read('PAYMENT', oneOf('off', 'sandbox')) ?? 'off',
    /** Where this machine reaches the sandbox; unset: itself. For `matjip work` on a machine that serves nobody. */
    paymentUrl: read('PAYMENT_URL', origin),
    rollup: read('ROLLUP', oneOf('per-order', 'scheduled')) ?? 'scheduled',
    /** A collector of OpenTelemetry that is sent traces of orders; unset: none are made. */
    tracesUrl: read('OTEL_EXPORTER_OTLP_ENDPOINT', url('http', 'https')),
    /** What share of the orders is traced. One of a hundred shows what is slow; all of a crowd's would be work for nothing. */
    tracesShare: read('OTEL_TRACES_SAMPLER_ARG', share) ?? 0.01,
    logLevel: read('LOG_LEVEL', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent')) ?? 'warn',
  } as const;
}

export type Config = ReturnType<typeof readConfig>;

/** Every bound that is not a client's business, by area in `src/config/`; those of the wire are in `src/contract/`. */
export const BOUNDS = {
  ...CONNECTIONS_BOUNDS,
  ...DATABASE_BOUNDS,
  ...ORDERING_BOUNDS,
  ...STAFF_BOUNDS,
  ...WORK_BOUNDS,
  ...PROCESSES_BOUNDS,
} as const;
