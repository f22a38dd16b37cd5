import type { Desk, DeskSource } from '../platform/cache/desk.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { toPage } from '../platform/http/cursor.ts';
import { ReadyBody } from '../platform/http/ready-body.ts';
import { listStores, toStoreView } from './queries.ts';

/** Pages of the list of stores, ready to be sent, by `limit` and where they begin. */
export type StoreListDesk = Desk<ReadyBody>;

const TYPE = 'application/json; charset=utf-8';

/** @param after the slug that the page begins after; it comes from a cursor, so from anybody */
export function listKey(limit: number, after: string | null): string {
  return JSON.stringify([limit, after]);
}

/** A page is small, so its text is its version. */
export function createStoreListSource(db: Queryable): DeskSource<ReadyBody> {
  const page = async (key: string): Promise<string> => {
    const [limit, after] = JSON.parse(key) as [number, string | null];
    const { items, next } = toPage(await listStores(db, limit, after), limit, (store) => store.slug);
    return JSON.stringify({ items: items.map(toStoreView), next });
  };
  return {
    // A query for each page: few pages are looked at in the same half second, mostly the first.
    versions: async (keys) => new Map(await Promise.all(keys.map(async (key) => [key, await page(key)] as const))),
    async load(key, version) {
      const text = version ?? (await page(key));
      return { version: text, value: new ReadyBody(TYPE, Buffer.from(text)) };
    },
  };
}
