import { BOUNDS, type Config } from '../config.ts';
import { Problem } from '../platform/http/problem.ts';
import { readPage } from '../platform/http/request/cursor.ts';
import { listKey, listSelling } from '../store/index.ts';
import type { Caches } from './caches.ts';
import type { Platform } from './platform.ts';

/**
 * Reads what guests ask for first, the list of stores and the stores and menus of those that sell, before anybody asks. A process that is started
 * beside others, or in the place of one, has nothing to give while the database is slow or away; whoever stopped the others once this one listened
 * would find no menu anywhere. What cannot be read in time is read when it is asked for: never rejects.
 */
export async function warmCaches(
  config: Pick<Config, 'cache' | 'cacheRefresh'>,
  { db, log }: Pick<Platform, 'db' | 'log'>,
  { stores, storeListCache, menuCache }: Pick<Caches, 'stores' | 'storeListCache' | 'menuCache'>,
): Promise<void> {
  const { storesMax, triesMax } = BOUNDS.warmCaches;
  // The other ways of refreshing are the textbook's: a reader's own load is what they show.
  if (config.cache === 'off' || config.cacheRefresh !== 'event') return;
  try {
    const selling = await listSelling(db.public, storesMax);
    // Where nobody orders yet nobody misses a menu, and whoever makes a store looks for it at once.
    if (selling.length === 0) return;
    const { limit, after } = readPage({});
    const reads = [
      () => storeListCache.read(listKey(limit, after)),
      ...selling.flatMap(({ id, slug }) => [() => stores.find(id), () => stores.find(slug), () => menuCache.read(id)]),
    ];
    await Promise.all(reads.map((read) => readPatiently(read, triesMax)));
  } catch (error) {
    log.info(
      { reason: (error as Error).message },
      'Started without all menus at hand; they are read when they are asked for.',
    );
  }
}

/** A cache gives its reader up before its load: the next try often finds what the one before began. */
async function readPatiently(read: () => Promise<unknown>, triesMax: number): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return void (await read());
    } catch (error) {
      if (tried === triesMax || !(error instanceof Problem && error.type === 'unavailable')) throw error;
    }
  }
}
