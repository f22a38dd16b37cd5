import Type from 'typebox';
import { StorePage, StoreView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { readPage, toPage } from '../platform/http/cursor.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { StoreDirectory } from './directory.ts';
import { listStores, type Store } from './queries.ts';

const toView = ({ dayStartsHour: _, ...view }: Store): StoreView => view;

export function storeRoutes(http: HttpServer, db: Queryable, directory: StoreDirectory): void {
  http.get(
    '/api/v1/stores',
    {
      schema: {
        summary: 'Lists the stores',
        tags: ['stores'],
        querystring: Type.Object({ limit: Type.Optional(Type.String()), cursor: Type.Optional(Type.String()) }),
        response: { 200: StorePage },
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query);
      const page = toPage(await listStores(db, limit, after), limit, (store) => store.slug);
      return { items: page.items.map(toView), next: page.next };
    },
  );

  http.get(
    '/api/v1/stores/:store',
    {
      schema: {
        summary: 'One store, by id or slug',
        tags: ['stores'],
        params: Type.Object({ store: Type.String() }),
        response: { 200: StoreView },
      },
    },
    async (request) => toView(await directory.find(request.params.store)),
  );
}
