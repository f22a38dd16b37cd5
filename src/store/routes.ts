import Type from 'typebox';
import { StorePage, StoreStateRequest, StoreView } from '../contract/index.ts';
import { sendReady } from '../platform/http/answer/ready-body.ts';
import { readPage } from '../platform/http/request/cursor.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { SLUG, type StoreDirectory } from './directory.ts';
import { toStoreView } from './queries.ts';
import type { createSetState } from './set-state.ts';
import { listKey, type StoreListCache } from './store-list.ts';

export interface StoreRoutesDeps {
  readonly list: StoreListCache;
  readonly stores: StoreDirectory;
  readonly setState: ReturnType<typeof createSetState>;
}

export function storeRoutes(http: HttpServer, { list, stores, setState }: StoreRoutesDeps): void {
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
      const cached = list.peek(key);
      if (cached) return sendReady(request, reply, cached.value, cached.outcome);
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
    async (request) => toStoreView(await stores.find(request.params.store)),
  );

  http.put(
    '/api/v1/stores/:store/state',
    {
      schema: {
        summary: 'Opens, slows down or pauses a store',
        description:
          'It holds until `until`, or until somebody says otherwise. `open` gives the store back to its pacing; in a kitchen that is full just now it holds for ten minutes.',
        tags: ['stores'],
        params: Type.Object({ store: Type.String() }),
        body: StoreStateRequest,
        response: { 200: StoreView },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const changed = await setState(store, request.body);
      stores.changed(store);
      return toStoreView(changed);
    },
  );
}
