import type { Cache, CacheSource } from '../platform/cache/cache.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';

/** Ids of brands by their slugs; null where there is none. */
export function createBrandSource(db: Queryable): CacheSource<string | null> {
  const versions = async (slugs: readonly string[]): Promise<Map<string, string>> => {
    const { rows } = await db.query<{ slug: string; id: string }>(
      'SELECT slug, id FROM brand WHERE slug = ANY($1::text[])',
      [slugs],
      'brands-by-slug',
    );
    const ids = new Map(rows.map(({ slug, id }) => [slug, id]));
    return new Map(slugs.map((slug) => [slug, ids.get(slug) ?? '']));
  };
  return {
    versions,
    async load(slug, version) {
      const id = version ?? (await versions([slug])).get(slug)!;
      return { version: id, value: id || null };
    },
  };
}

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** @throws Problem `not-found` */
export async function findBrand(cache: Cache<string | null>, slug: string): Promise<string> {
  const key = slug.toLowerCase();
  const id = SLUG.test(key) ? (cache.peek(key) ?? (await cache.read(key))).value : null;
  if (!id) throw new Problem('not-found', { detail: `There is no brand '${slug.slice(0, 80)}'.` });
  return id;
}
