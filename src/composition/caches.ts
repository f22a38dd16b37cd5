import { BOUNDS, type Config } from '../config.ts';
import { pacing } from '../kitchen/index.ts';
import { createMenuSource, createTurnMenus, menuCodec } from '../menu/index.ts';
import { createCaches } from '../platform/cache/create-caches.ts';
import { createBrandSource, createRankingSource } from '../ranking/index.ts';
import { createSessionSource } from '../staff/index.ts';
import { createStoreDirectory, createStoreListSource, createStoreSource, lockStores } from '../store/index.ts';
import { CACHED_PLACES } from './cached-places.ts';
import type { AppParts } from './parts.ts';
import type { Platform } from './platform.ts';

/** What is cached: what changes rarely, is read often and is small. */
export type Caches = ReturnType<typeof openCaches>;

/** Opens the caches as the switches say. `built` closes them. */
export function openCaches(
  config: Config,
  { withJobs, waits }: Pick<AppParts, 'withJobs' | 'waits'>,
  { db, now, notifications, live, metrics }: Platform,
  built: AsyncDisposableStack,
) {
  const caches = createCaches({
    cache: config.cache,
    refresh: config.cacheRefresh,
    url: config.cacheUrl,
    ttlMs: config.cacheTtlMs,
    singleFlight: config.cacheSingleFlight === 'on',
    // In memory each process fills its own cache; into a shared tier one is enough.
    refresher: config.cacheRefresher === 'on' && (config.cache === 'memory' || withJobs),
    metrics: metrics.cache,
    ...(waits && { loadWithinMs: waits.loadWithinMs }),
  });
  built.defer(() => caches.close());
  const { menu, stores, store, ranking, brand, session } = CACHED_PLACES;
  const storeSource = createStoreSource({ db: db.stores, pacing, now });
  const storeListSource = createStoreListSource({ db: db.public, pacing, now });
  const menuSource = createMenuSource(db.menus, createTurnMenus(db.staff, lockStores, notifications.announcer, now));
  const { checkEveryMs } = BOUNDS.ranking;
  const rankingSource = createRankingSource({ db: db.public, ...notifications.ranking, checkEveryMs, now });
  const menuCache = caches.cache({ name: 'menu', ...menu, codec: menuCodec }, menuSource);
  live.subscribe('menu', (message) => menuCache.invalidate(message.storeId));
  live.onGap(() => menuCache.invalidateAll());
  return {
    stores: createStoreDirectory(caches.freshCache({ name: 'store', ...store }, storeSource)),
    storeListCache: caches.freshCache({ name: 'stores', ...stores }, storeListSource),
    menuCache,
    rankingCache: caches.freshCache({ name: 'ranking', ...ranking }, rankingSource),
    brands: caches.freshCache({ name: 'brand', ...brand }, createBrandSource(db.public)),
    sessionCache: caches.freshCache({ name: 'session', ...session }, createSessionSource(db.staff)),
  };
}
