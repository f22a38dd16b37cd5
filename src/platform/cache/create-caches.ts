import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { tierDriver } from './bento-driver.ts';
import type { Cache, CacheSource, Monotonic } from './cache.ts';
import type { CacheMetrics } from './cache-metrics.ts';
import { type BreakingTier, TIER_ANSWER_WITHIN_MS, withCircuitBreaker } from './circuit-breaker.ts';
import { createEventCache } from './event-cache.ts';
import { createExternalCache } from './external-cache.ts';
import { createLoaderLocks } from './loader-locks.ts';
import { createMemcachedTier } from './memcached-tier.ts';
import { createRedisTier } from './redis-tier.ts';
import { type Codec, createTier, type Tier } from './tier.ts';
import { createTimedCache } from './timed-cache.ts';
import { createUncached } from './uncached.ts';

export interface CachesOptions {
  readonly cache: 'off' | 'memory' | 'tiered';
  readonly refresh: 'event' | 'expiry' | 'external' | 'never';
  /** Needed by `tiered`: redis://, rediss:// (several: a Cluster) or memcached:// (several: keys are spread). */
  readonly url: string | undefined;
  /** Lifetime of `expiry`, period of `external`. */
  readonly ttlMs: number;
  readonly singleFlight: boolean;
  /** Whether this process may be the refresher of `external`. */
  readonly refresher: boolean;
  readonly metrics: CacheMetrics;
  /** See {@link EventCacheOptions}. */
  readonly loadWithinMs?: number;
}

export interface PlaceOptions<T> {
  /** Prefix of the keys and label of the metrics. */
  readonly name: string;
  /** Values kept in this process's memory. */
  readonly itemsMax: number;
  /** Given: worth a second tier, and how it travels. */
  readonly codec?: Codec<T>;
}

export interface Caches {
  /** The cache of one place, refreshed as `CACHE_REFRESH` says. */
  cache<T>(place: PlaceOptions<T>, source: CacheSource<T>): Cache<T>;
  /** A cache that is always right within a second, whatever is being demonstrated: for what orders depend on. */
  freshCache<T>(place: PlaceOptions<T>, source: CacheSource<T>): Cache<T>;
  close(): Promise<void>;
}

/** Beneath the cache the first layer only saves a second look at what was fetched a moment ago. */
const BENTO_ITEMS_MAX = 200;
const PREFIX = 'matjip';
const now: Monotonic = () => performance.now();

/** Builds the cache as the switches say. A second tier that is away at the start is simply away. */
export function createCaches(options: CachesOptions): Caches {
  const { metrics } = options;
  const second = options.cache === 'tiered' && options.url ? openSecondTier(options.url, metrics) : undefined;
  const bento = second && openBento(second);
  const caches: Cache<unknown>[] = [];

  function tierOf<T>({ name, codec }: PlaceOptions<T>): Tier<T> | undefined {
    if (!bento || !second || !codec) return undefined;
    const place = `${name}.${codec.format}`;
    return createTier({
      store: bento.namespace(place),
      codec,
      locks: createLoaderLocks(second, `${PREFIX}:${place}`),
      counts: metrics.place(name, second.name),
    });
  }

  function build<T>(place: PlaceOptions<T>, source: CacheSource<T>, refresh: CachesOptions['refresh']): Cache<T> {
    const counts = metrics.place(place.name, options.cache === 'off' ? 'none' : 'memory');
    if (options.cache === 'off') return createUncached(source, counts, now);
    const shared = { source, counts, now, itemsMax: place.itemsMax, tier: tierOf(place) };
    const { ttlMs, singleFlight, refresher } = options;
    switch (refresh) {
      case 'event':
        return createEventCache({ ...shared, loadWithinMs: options.loadWithinMs });
      case 'expiry':
        return createTimedCache({ ...shared, lifetimeMs: ttlMs, singleFlight });
      case 'never':
        return createTimedCache({ ...shared, lifetimeMs: Number.POSITIVE_INFINITY, singleFlight });
      case 'external':
        return createExternalCache({ ...shared, periodMs: ttlMs, refresher });
    }
  }

  function keep<T>(cache: Cache<T>): Cache<T> {
    caches.push(cache as Cache<unknown>);
    return cache;
  }
  return {
    cache: (place, source) => keep(build(place, source, options.refresh)),
    freshCache: (place, source) => keep(build(place, source, 'event')),
    async close() {
      for (const cache of caches) cache.close();
      await bento?.disconnectAll();
      await second?.close();
    },
  };
}

function openSecondTier(url: string, metrics: CacheMetrics): BreakingTier {
  const tier = url.startsWith('memcached:') ? createMemcachedTier(url, TIER_ANSWER_WITHIN_MS) : createRedisTier(url);
  const events = metrics.tier(tier.name);
  const breaking = withCircuitBreaker(tier, events);
  events.watch(breaking);
  return breaking;
}

function openBento(second: BreakingTier) {
  return new BentoCache({
    default: 'tiers',
    prefix: PREFIX,
    stores: {
      // BentoCache needs its first layer serialised where there is a second one (its issue 111).
      tiers: bentostore()
        .useL1Layer(memoryDriver({ maxItems: BENTO_ITEMS_MAX }))
        .useL2Layer(tierDriver(second)),
    },
  });
}
