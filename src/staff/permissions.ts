import type { FastifyRequest } from 'fastify';
import { PERMISSIONS } from '../contract/index.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { Access } from './access.ts';
import type { Sessions } from './sessions.ts';
import type { StreamTickets } from './stream-tickets.ts';

interface Stores {
  find(idOrSlug: string): Promise<{ readonly id: string }>;
}

/**
 * Holds every route of the API to the table of permissions, before anything of the request is read: whoever may not ask costs neither
 * the reading of a body nor its checking, and learns nothing of its shape. Call it before the first route is added.
 * @throws (at the start) Error for a route that is not in the table
 */
export function holdToPermissions(
  http: HttpServer,
  stores: Stores,
  access: Access,
  sessions: Sessions,
  tickets: StreamTickets,
): void {
  /** Only what opens a stream uses a ticket up. */
  const useTicket = async (request: FastifyRequest, ticket: string): Promise<void> => {
    const { id } = await stores.find((request.params as { store: string }).store);
    const holder = await tickets.redeem(ticket, id);
    if (!holder) return;
    if ('session' in holder) await sessions.use(request, holder.session);
    else sessions.useKey(request, id, holder.role);
  };
  http.addHook('onRequest', (request, _reply, done) => {
    const ticket = ticketOf(request);
    const reading = ticket === undefined ? sessions.attach(request) : useTicket(request, ticket);
    // Most requests bring no session, and need no promise.
    if (!reading) done();
    else reading.then(() => done(), done);
  });
  http.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/v1/')) return;
    for (const method of [route.method].flat()) {
      const name = `${method === 'HEAD' ? 'GET' : method} ${route.url}`;
      const who = PERMISSIONS[name];
      if (!who) throw new Error(`The route ${name} is not in the table of permissions (src/contract/permissions.ts).`);
      if (typeof who === 'string') continue;
      const check = async (request: FastifyRequest): Promise<void> => {
        const { store } = request.params as { store?: string };
        const storeId = store === undefined ? '' : (await stores.find(store)).id;
        access.require(request, storeId, ...who);
      };
      route.onRequest = [check, ...[route.onRequest ?? []].flat()];
    }
  });
}

function ticketOf({ method, query, routeOptions }: FastifyRequest): string | undefined {
  const { ticket } = query as { ticket?: unknown };
  const isStream = method === 'GET' && (routeOptions.url?.endsWith('/events') ?? false);
  return isStream && typeof ticket === 'string' ? ticket : undefined;
}
