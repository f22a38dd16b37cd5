import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { ItemChange, MenuView } from '../contract/index.ts';
import { Problem } from '../platform/http/problem.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { createChangeItem } from './change-item.ts';
import type { MenuAnswer, MenuDesk } from './menu-desk.ts';
import type { Access, StoreDirectory } from './ports.ts';

export interface MenuRoutesDeps {
  readonly stores: StoreDirectory;
  readonly desk: MenuDesk;
  readonly access: Access;
  readonly changeItem: ReturnType<typeof createChangeItem>;
}

/** A shared cache may keep a menu for a second, and give the old one while it fetches the new one. */
const CACHE_CONTROL = 'public, max-age=0, s-maxage=1, stale-while-revalidate=5';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether `If-None-Match` names this version; a proxy may have marked it weak. */
const isNotModified = (request: FastifyRequest, etag: string): boolean => {
  const asked = request.headers['if-none-match'];
  return (
    asked !== undefined && (asked === etag || asked.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))
  );
};

function send(request: FastifyRequest, reply: FastifyReply, { ready, outcome }: MenuAnswer): FastifyReply {
  reply.headers({ etag: ready.etag, 'cache-control': CACHE_CONTROL, vary: 'Accept-Encoding', 'x-cache': outcome });
  if (isNotModified(request, ready.etag)) return reply.code(304).send();
  reply.type('application/json; charset=utf-8');
  const accepts = request.headers['accept-encoding'] ?? '';
  if (ready.br !== ready.identity && /\bbr\b/.test(accepts))
    return reply.header('content-encoding', 'br').send(ready.br);
  if (ready.gzip !== ready.identity && /\bgzip\b/.test(accepts)) {
    return reply.header('content-encoding', 'gzip').send(ready.gzip);
  }
  return reply.send(ready.identity);
}

export function menuRoutes(http: HttpServer, { stores, desk, access, changeItem }: MenuRoutesDeps): void {
  http.get(
    '/api/v1/stores/:store/menu',
    {
      schema: {
        summary: 'A store’s menu',
        description: 'Send the ETag back as If-None-Match; X-Cache tells hit, stale or miss.',
        tags: ['menu'],
        params: Type.Object({ store: Type.String() }),
      },
    },
    (request, reply) => {
      const { store: param } = request.params;
      // The hot path: an id whose menu lies on the desk needs no promise and no look-up.
      const atHand = desk.peek(param);
      if (atHand) {
        send(request, reply, atHand);
        return;
      }
      return stores
        .find(param)
        .then((store) => desk.peek(store.id) ?? desk.read(store.id))
        .then((answer) => send(request, reply, answer));
    },
  );

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
      const role = access.require(request, store.id, 'owner', 'kitchen');
      if (role === 'kitchen' && (request.body.price !== undefined || request.body.remaining !== undefined)) {
        throw new Problem('forbidden', { detail: 'The kitchen may only change soldOut.' });
      }
      if (!UUID.test(request.params.item)) throw new Problem('not-found', { detail: 'There is no such dish.' });
      const changed = await changeItem(store, request.params.item.toLowerCase(), request.body);
      // Nobody who changed it should still see the old one in this process.
      desk.heard(store.id);
      return reply.send(changed);
    },
  );
}

/** Only for the API description: the menu's shape. */
export const menuSchema = MenuView;
