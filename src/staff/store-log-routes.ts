import Type from 'typebox';
import { StoreLog } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { readPage, toPage } from '../platform/http/request/cursor.ts';
import { StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { isUuid } from '../platform/id.ts';
import { readStoreLog } from './store-log.ts';

export interface StoreLogRoutesDeps {
  readonly db: Queryable;
  readonly stores: { find(idOrSlug: string): Promise<{ readonly id: string }> };
}

/** Who changed what a store charges. */
export function storeLogRoutes(http: HttpServer, { db, stores }: StoreLogRoutesDeps): void {
  http.get(
    '/api/v1/stores/:store/log',
    {
      schema: {
        summary:
          'Who changed prices, gave discounts, paid back, took back orders and dishes, or signed in; the newest first',
        tags: ['staff'],
        params: StoreParams,
        querystring: Type.Object({ limit: Type.Optional(Type.String()), cursor: Type.Optional(Type.String()) }),
        response: { 200: StoreLog },
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isUuid);
      const store = await stores.find(request.params.store);
      return toPage(await readStoreLog(db, store, limit + 1, after), limit, ({ id }) => id);
    },
  );
}
