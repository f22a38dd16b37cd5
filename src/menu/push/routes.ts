import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { type PushField, PushLook, PushPreview, PushRequest, PushResult } from '../../contract/index.ts';
import type { InTurn } from '../../platform/concurrency/keyed-semaphore.ts';
import type { Db } from '../../platform/db/pool.ts';
import { invalidField, Problem } from '../../platform/http/problem.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { Access, Store, StoreDirectory } from '../ports.ts';
import { type createPushTo, differencesOf, readDishes, seenOf } from './push-menu.ts';

export interface MenuPushRoutesDeps {
  readonly db: Db;
  readonly stores: StoreDirectory;
  readonly access: Access;
  readonly pushTo: ReturnType<typeof createPushTo>;
  /** Of the store that is changed. */
  readonly inTurn: InTurn;
  /** This process shows the new menu without waiting to be told. */
  readonly changed: (storeId: string) => void;
  /** Who does it, for the log. */
  readonly nameOf: (request: FastifyRequest) => string;
}

const Params = Type.Object({ store: Type.String() });

/** Prices and availability of one store's dishes, given to many: a brand's roles are roles in each of its stores. */
export function menuPushRoutes(http: HttpServer, deps: MenuPushRoutesDeps): void {
  const { db, stores, access, pushTo, inTurn, changed, nameOf } = deps;

  /** A store that may be changed to what this one has; otherwise why not. */
  async function targetOf(request: FastifyRequest, from: Store, name: string): Promise<Store | string> {
    const store = await stores.find(name).catch((error) => {
      if (error instanceof Problem && error.type === 'not-found') return undefined;
      throw error;
    });
    if (!store) return 'not-found';
    const role = access.roleOf(request, store.id);
    if (role !== 'owner' && role !== 'manager') return 'forbidden';
    return store.currency === from.currency ? store : 'other-currency';
  }

  async function dishesOf(store: Store, codes: readonly string[], fields: readonly PushField[]) {
    const dishes = (await readDishes(db, [store.id], codes)).get(store.id) ?? [];
    const missing = codes.find((code) => dishes.every((dish) => dish.code !== code));
    if (missing !== undefined) throw invalidField('dishes', `has '${missing}'`, 'codes of dishes on this store’s menu');
    return { dishes, seen: seenOf(dishes, fields) };
  }

  http.post(
    '/api/v1/stores/:store/menu-push/preview',
    {
      schema: {
        summary: 'What other stores’ dishes would change to be as in this one; changes nothing',
        tags: ['menu'],
        params: Params,
        body: PushLook,
        response: { 200: PushPreview },
      },
    },
    async (request) => {
      const from = await stores.find(request.params.store);
      const { fields, dishes: codes } = request.body;
      const { dishes, seen } = await dishesOf(from, codes, fields);
      const named = [...new Set(request.body.stores)];
      const targets = await Promise.all(named.map((name) => targetOf(request, from, name)));
      const ids = targets.flatMap((target) => (typeof target === 'string' ? [] : [target.id]));
      const there = await readDishes(db, ids, codes);
      const items = targets.map((target, at) => {
        const store = named[at]!;
        if (typeof target === 'string') return { store, outcome: target, changes: [], missing: [] };
        const own = there.get(target.id) ?? [];
        const { changes, missing } = differencesOf(dishes, own, fields);
        return {
          store,
          id: target.id,
          name: target.name,
          outcome: changes.length > 0 ? 'change' : 'same',
          seen: seenOf(own, fields),
          changes: [...changes],
          missing: [...missing],
        };
      });
      return { seen, items, next: null };
    },
  );

  http.post(
    '/api/v1/stores/:store/menu-push',
    {
      schema: {
        summary: 'Makes other stores’ dishes as they are in this one, each store as a whole or not at all',
        description:
          'With what the preview said of each store. Where it has changed since, the store is left alone: `stale`. When this store’s own dishes have changed: 409 `stale`. Sent again it changes nothing twice.',
        tags: ['menu'],
        params: Params,
        body: PushRequest,
        response: { 200: PushResult },
      },
    },
    async (request) => {
      const from = await stores.find(request.params.store);
      const { fields, dishes: codes } = request.body;
      const { dishes, seen } = await dishesOf(from, codes, fields);
      if (seen !== request.body.seen)
        throw new Problem('stale', { detail: 'This store’s dishes have changed since you looked.' });
      const push = { dishes, fields, from: from.slug, by: nameOf(request) };
      const items = [];
      // One after another: each takes its store's lock, and a push has time.
      for (const each of new Map(request.body.stores.map((asked) => [asked.store, asked])).values()) {
        const target = await targetOf(request, from, each.store);
        if (typeof target === 'string') {
          items.push({ store: each.store, outcome: target, changed: 0 });
          continue;
        }
        try {
          const count = await inTurn(target.id, () => pushTo(target, each.seen, push));
          if (count) changed(target.id);
          const outcome = count === undefined ? 'stale' : count > 0 ? 'changed' : 'same';
          items.push({ store: each.store, outcome, changed: count ?? 0 });
        } catch (error) {
          // A store whose row is held, or a database that went away, is no reason to forget what became of the others.
          request.log.warn({ store: target.slug, reason: (error as Error).message });
          items.push({ store: each.store, outcome: 'failed', changed: 0 });
        }
      }
      return { items, next: null };
    },
  );
}
