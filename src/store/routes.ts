import Type from 'typebox';
import { StorePage, StoreView } from '../contract/index.ts';
import { readPage } from '../platform/http/cursor.ts';
import { sendReady } from '../platform/http/ready-body.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { SLUG, type StoreDirectory } from './directory.ts';
import { toStoreView } from './queries.ts';
import { listKey, type StoreListDesk } from './store-list.ts';

export function storeRoutes(http: HttpServer, list: StoreListDesk, directory: StoreDirectory): void {
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
    (request, reply) => {
      const { limit, after } = readPage(request.query, (text) => SLUG.test(text));
      const key = listKey(limit, after);
      const atHand = list.peek(key);
      if (atHand) return sendReady(request, reply, atHand.value, atHand.outcome);
      return list.read(key).then(({ value, outcome }) => sendReady(request, reply, value, outcome) ?? (reply as never));
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
    async (request) => toStoreView(await directory.find(request.params.store)),
  );
}
