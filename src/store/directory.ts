import type { ReadThrough } from '../platform/cache/read-through.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { findStoreById, findStoreBySlug, type Store } from './queries.ts';

/** Finds stores by what stands in an address: an id or a slug. */
export interface StoreDirectory {
  /** @throws Problem `not-found` */
  find(idOrSlug: string): Promise<Store>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function createStoreDirectory(db: Queryable, cache: ReadThrough<Store | null>): StoreDirectory {
  const load = async (idOrSlug: string): Promise<Store | null> =>
    (UUID.test(idOrSlug) ? await findStoreById(db, idOrSlug) : await findStoreBySlug(db, idOrSlug)) ?? null;

  return {
    async find(idOrSlug) {
      const key = idOrSlug.toLowerCase();
      const store = UUID.test(key) || SLUG.test(key) ? await cache.read(key, () => load(key)) : null;
      if (!store) throw new Problem('not-found', { detail: `There is no store '${idOrSlug.slice(0, 80)}'.` });
      return store;
    },
  };
}
