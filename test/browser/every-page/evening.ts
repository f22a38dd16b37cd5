import assert from 'node:assert/strict';
import type { ItemView, MenuView } from '../../../src/contract/menu.ts';
import { newId } from '../../../src/platform/id.ts';
import { createClient, type Json } from '../../support/client.ts';
import type { Restaurant } from '../restaurant.ts';

/** What happens in a restaurant beside the page that is looked at, by its API and with the owner's key. */
export interface Evening {
  /** @param path below the store. @throws AssertionError unless it is done */
  post(path: string, body?: object): Promise<Json>;
  put(path: string, body: object): Promise<Json>;
  get(path: string): Promise<Json>;
  /** An evening's orders: at tables and to take away, of one dish and of three, with a wish now and then. */
  order(count: number): Promise<void>;
}

export function createEvening(shop: Restaurant, slug = shop.slug): Evening {
  const client = createClient(shop.url);
  const call = async (method: string, path: string, body?: object): Promise<Json> => {
    const key = method === 'POST' ? newId() : undefined;
    const answer = await client.call(`/api/v1/stores/${slug}${path}`, { method, body, key, token: shop.adminKey });
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const post = (path: string, body?: object) => call('POST', path, body);
  return {
    post,
    put: (path, body) => call('PUT', path, body),
    get: (path) => call('GET', path),
    async order(count) {
      const menu: MenuView = await call('GET', '/menu');
      const items = menu.categories.flatMap((category) => category.items).filter(({ soldOut }) => !soldOut);
      const lineOf = (item: ItemView, nth: number) => ({
        itemId: item.id,
        quantity: 1 + (nth % 2),
        optionIds: item.optionGroups.flatMap(({ options, min }) => options.slice(0, min).map(({ id }) => id)),
        ...(nth % 5 === 0 && { note: '덜 맵게 해 주세요, 아이가 먹어요' }),
      });
      for (let nth = 0; nth < count; nth += 1) {
        const dishes = [0, 11, 23].slice(0, 1 + (nth % 3)).map((step) => items[(nth * 7 + step) % items.length]!);
        const table = nth % 4 === 0 ? {} : { table: String(1 + (nth % 9)) };
        await post('/orders', { ...table, lines: dishes.map((dish, at) => lineOf(dish, nth + at)) });
      }
    },
  };
}
