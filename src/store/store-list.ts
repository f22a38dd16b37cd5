import type { Cache, CacheSource } from '../platform/cache/cache.ts';
import { ReadyBody } from '../platform/http/answer/ready-body.ts';
import { toPage } from '../platform/http/request/cursor.ts';
import { listStores, type StoreReads, toStoreView } from './queries.ts';

/** Pages of the list of stores, ready to be sent, by `limit` and where they begin. */
export type StoreListCache = Cache<ReadyBody>;

const TYPE = 'application/json; charset=utf-8';

/** @param after the slug that the page begins after; it comes from a cursor, so from anybody */
export function listKey(limit: number, after: string | null): string {
  return JSON.stringify([limit, after]);
}

/** Of one statement: enough that a crowd of strangers makes few, few enough that each is over soon. */
const PAGES_AT_ONCE = 20;

/** A page is small, so its text is its version. */
export function createStoreListSource(reads: StoreReads): CacheSource<ReadyBody> {
  const pages = async (keys: readonly string[]): Promise<string[]> => {
    const ranges = keys.map((key) => {
      const [limit, after] = JSON.parse(key) as [number, string | null];
      return { limit, after };
    });
    const texts: string[] = [];
    // A query in a loop, bounded by the pages that a cache asks for at once: other questions come in between.
    for (let from = 0; from < ranges.length; from += PAGES_AT_ONCE) {
      const some = ranges.slice(from, from + PAGES_AT_ONCE);
      for (const [index, stores] of (await listStores(reads, some)).entries()) {
        const { items, next } = toPage(stores, some[index]!.limit, (store) => store.slug);
        texts.push(JSON.stringify({ items: items.map(toStoreView), next }));
      }
    }
    return texts;
  };
  return {
    async versions(keys) {
      const texts = await pages(keys);
      return new Map(keys.map((key, index) => [key, texts[index]!]));
    },
    async load(key, version) {
      const text = version ?? (await pages([key]))[0]!;
      return { version: text, value: new ReadyBody(TYPE, Buffer.from(text)) };
    },
  };
}
