import { LRUCache } from 'lru-cache';
import type { Cache, CacheSource } from '../platform/cache/cache.ts';
import { Problem } from '../platform/http/problem.ts';
import { isUuid } from '../platform/id.ts';
import { findStores, type Store, type StoreReads } from './queries.ts';

/** Finds stores by what stands in an address: an id or a slug. */
export interface StoreDirectory {
  /** @throws Problem `not-found` */
  find(idOrSlug: string): Promise<Store>;
  /** Of the store that a request's path names, when this process has found it before: nobody is asked. */
  knownIdIn(path: string): string | undefined;
  /** A store that lies in the cache just now, without asking anybody. */
  peek(idOrSlug: string): Store | undefined;
  /** It was changed by this process, which must not show it as it was. */
  changed(store: Pick<Store, 'id' | 'slug'>): void;
}

/** Its id or slug in the paths of the API. */
const OF_STORE = /^\/api\/v1\/stores\/([\w-]+)/;
/** What a store may be called in an address. */
export const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Stores by id or slug, settings and promised minutes included; null where there is none. A store is one small row, so
 * its version is the row itself: asking whether it has changed and fetching it are the same question.
 */
export function createStoreSource(reads: StoreReads): CacheSource<Store | null> {
  const versions = async (keys: readonly string[]): Promise<Map<string, string>> => {
    const found = await findStores(
      reads,
      keys.filter((key) => isUuid(key.toLowerCase())),
      keys.filter((key) => !isUuid(key.toLowerCase())),
    );
    const byKey = new Map(found.flatMap((store) => [[store.id, store] as const, [store.slug, store] as const]));
    return new Map(keys.map((key) => [key, JSON.stringify(byKey.get(key) ?? null)]));
  };
  return {
    versions,
    async load(key, version) {
      const text = version ?? (await versions([key])).get(key)!;
      return { version: text, value: JSON.parse(text) as Store | null };
    },
  };
}

/** Names that are known to be a store's: each has two, and a process that serves more learns them anew. */
const KNOWN_MAX = 10_000;

export function createStoreDirectory(cache: Cache<Store | null>): StoreDirectory {
  const known = new LRUCache<string, string>({ max: KNOWN_MAX });

  return {
    async find(idOrSlug) {
      const key = idOrSlug.toLowerCase();
      const isName = isUuid(key) || SLUG.test(key);
      const store = isName ? (cache.peek(key) ?? (await cache.read(key))).value : null;
      if (!store) throw new Problem('not-found', { detail: `There is no store '${idOrSlug.slice(0, 80)}'.` });
      if (known.get(key) !== store.id) known.set(key, store.id);
      return store;
    },
    knownIdIn(path) {
      const name = OF_STORE.exec(path)?.[1];
      return name === undefined ? undefined : known.get(name.toLowerCase());
    },
    peek: (idOrSlug) => cache.peek(idOrSlug.toLowerCase())?.value ?? undefined,
    changed({ id, slug }) {
      cache.invalidate(id);
      cache.invalidate(slug);
    },
  };
}
