import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { ItemChange, MenuView, StockView } from '../contract/index.ts';
import { sendReady } from '../platform/http/answer/ready-body.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { idIn } from '../platform/http/request/params.ts';
import { describeAnswer, type HttpServer } from '../platform/http/server.ts';
import type { createChangeItem, NotePrice } from './change-item.ts';
import type { MenuCache } from './menu-cache.ts';
import type { Access, StoreDirectory } from './ports.ts';
import type { ReadyMenu } from './ready-menu.ts';

export interface MenuRoutesDeps {
  readonly stores: StoreDirectory;
  readonly menuCache: MenuCache;
  readonly access: Access;
  readonly changeItem: ReturnType<typeof createChangeItem>;
  /** Writes down who set another price. */
  readonly notePriceOf: (request: FastifyRequest) => NotePrice;
}

export function menuRoutes(
  http: HttpServer,
  { stores, menuCache, access, changeItem, notePriceOf }: MenuRoutesDeps,
): void {
  const resources = [
    {
      path: '/api/v1/stores/:store/menu',
      summary: 'A store’s menu',
      view: MenuView,
      body: (menu: ReadyMenu) => menu.body,
    },
    {
      path: '/api/v1/stores/:store/stock',
      summary: 'What is left of a store’s limited dishes: all that changes of its menu while it is sold from',
      view: StockView,
      body: (menu: ReadyMenu) => menu.stockBody,
    },
  ];
  for (const { path, summary, view, body } of resources) {
    http.get(
      path,
      {
        schema: {
          summary,
          description: 'Send the ETag back as If-None-Match; X-Cache tells hit, stale or miss.',
          tags: ['menu'],
          params: Type.Object({ store: Type.String() }),
          response: describeAnswer({ 200: view }),
        },
      },
      (request, reply) => {
        const { store: param } = request.params;
        // The hot path: an id whose menu lies in the cache needs no promise and no look-up.
        const cached = menuCache.peek(param);
        if (cached) return sendReady(request, reply, body(cached.value), cached.outcome);
        return stores
          .find(param)
          .then((store) => menuCache.peek(store.id) ?? menuCache.read(store.id))
          .then(({ value, outcome }) => sendReady(request, reply, body(value), outcome) ?? reply);
      },
    );
  }

  http.put(
    '/api/v1/stores/:store/items/:item',
    {
      schema: {
        summary: 'Changes a dish; the kitchen may only sell it out or put it back',
        tags: ['menu'],
        params: Type.Object({ store: Type.String(), item: Type.String() }),
        body: ItemChange,
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      if (
        access.roleOf(request, store.id) === 'kitchen' &&
        Object.keys(request.body).some((field) => field !== 'soldOut')
      ) {
        throw new Problem('forbidden', { detail: 'The kitchen may only change soldOut.' });
      }
      if (request.body.expected !== undefined && request.body.remaining === undefined) {
        throw invalidField('expected', 'stands alone', 'together with `remaining`');
      }
      const itemId = idIn(request.params.item, () => new Problem('not-found', { detail: 'There is no such dish.' }));
      const changed = await changeItem(store, itemId, request.body, notePriceOf(request));
      // The announcement may come late or not at all; this process knows already.
      menuCache.invalidate(store.id);
      return reply.send(changed);
    },
  );
}
