import Type from 'typebox';
import { AdvanceRequest, Ticket, TicketPage, TickRequest } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { invalidField } from '../platform/http/problem.ts';
import { readPage, toPage } from '../platform/http/request/cursor.ts';
import { StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { EventStreams } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import type { createAdvanceTicket } from './advance-ticket.ts';
import { followKitchen } from './kitchen-stream.ts';
import type { StoreDirectory } from './ports.ts';
import type { createTickLine } from './tick-line.ts';
import { cursorOf, parseCursor } from './ticket-cursor.ts';
import { createTicketReads } from './ticket-reads.ts';

export interface KitchenRoutesDeps {
  readonly db: Queryable;
  readonly stores: StoreDirectory;
  readonly advanceTicket: ReturnType<typeof createAdvanceTicket>;
  readonly tickLine: ReturnType<typeof createTickLine>;
  readonly live: LiveHub;
  readonly streams: EventStreams;
}

export function kitchenRoutes(http: HttpServer, deps: KitchenRoutesDeps): void {
  const { stores } = deps;
  const reads = createTicketReads(deps.db);

  http.get(
    '/api/v1/stores/:store/kitchen/tickets',
    {
      schema: {
        summary: 'Open tickets, oldest first',
        description: 'With `status=served` those that were served last, the latest first, without further pages.',
        tags: ['kitchen'],
        params: StoreParams,
        querystring: Type.Object({
          station: Type.Optional(Type.String()),
          status: Type.Optional(Type.String({ description: '`open` (unset) or `served`' })),
          limit: Type.Optional(Type.String()),
          cursor: Type.Optional(Type.String()),
        }),
        response: { 200: TicketPage },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const { status = 'open' } = request.query;
      if (status === 'served')
        return { items: await reads.served(store.id, request.query.station ?? null), next: null };
      if (status !== 'open') throw invalidField('status', 'is no part of the board', 'open or served');
      const { limit, after } = readPage(request.query);
      const place = after === null ? null : parseCursor(after);
      const tickets = await reads.open({
        storeId: store.id,
        station: request.query.station ?? null,
        limit,
        after: place,
      });
      return toPage(tickets, limit, cursorOf);
    },
  );

  http.get(
    '/api/v1/stores/:store/kitchen/events',
    {
      schema: {
        summary: 'Follows a kitchen (Server-Sent Events)',
        description: 'Events named `ticket` carry a whole ticket; `menu` says that the store’s menu changed.',
        tags: ['kitchen'],
        params: StoreParams,
        querystring: Type.Object({ ticket: Type.Optional(Type.String()) }),
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      followKitchen(reads, deps.live, await deps.streams.open(request, reply, 'staff', store.id), store.id);
      return reply;
    },
  );

  http.post(
    '/api/v1/stores/:store/kitchen/tickets/:id/advance',
    {
      schema: {
        summary: 'Moves a ticket to another status; a step back is an undo',
        tags: ['kitchen'],
        params: Type.Object({ store: Type.String(), id: Type.String() }),
        body: AdvanceRequest,
        response: { 200: Ticket },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      return deps.advanceTicket(store.id, request.params.id, request.body);
    },
  );

  http.put(
    '/api/v1/stores/:store/kitchen/tickets/:id/lines/:line',
    {
      schema: {
        summary: 'Ticks a line of a ticket off as done, or takes that back',
        tags: ['kitchen'],
        params: Type.Object({ store: Type.String(), id: Type.String(), line: Type.String() }),
        body: TickRequest,
        response: { 200: Ticket },
      },
    },
    async (request) => {
      const { store: asked, id, line } = request.params;
      const store = await stores.find(asked);
      return deps.tickLine(store.id, id, line, request.body.done);
    },
  );
}
