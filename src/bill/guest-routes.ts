import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { BillView } from '../contract/index.ts';
import { guestTokenOf } from '../platform/http/bearer.ts';
import type { GuestTokens } from '../platform/http/guest-tokens.ts';
import { Problem } from '../platform/http/problem.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { isUuid } from '../platform/id.ts';
import type { EventStreams } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import { createSingleFlight } from '../platform/single-flight.ts';
import { followBill } from './bill-streams.ts';
import { billOf } from './bills.ts';
import type { OrderRef, Store, StoreDirectory, TableKeys } from './ports.ts';
import { type BillReads, readBill } from './view.ts';

export interface GuestBillRoutesDeps extends BillReads {
  readonly stores: StoreDirectory;
  /** Of orders. */
  readonly tokens: GuestTokens;
  readonly tableKeys: TableKeys;
  readonly isStaff: (request: FastifyRequest, storeId: string) => boolean;
  readonly live: LiveHub;
  readonly streams: EventStreams;
}

const Params = Type.Object({ store: Type.String(), id: Type.String() });
const TokenQuery = Type.Object({ token: Type.Optional(Type.String()) });

const noSuchOrder = (): Problem =>
  new Problem('not-found', { detail: 'There is no such order, or this token is not its own.' });

/** Whoever has an order at a table sees what the table owes together; who took the money is the staff's business. */
export function guestBillRoutes(http: HttpServer, deps: GuestBillRoutesDeps): void {
  const { stores, db } = deps;

  async function authorize(
    request: FastifyRequest<{ Params: { store: string; id: string } }>,
  ): Promise<{ store: Store; order: OrderRef; isStaff: boolean }> {
    const store = await stores.find(request.params.store);
    const id = request.params.id.toLowerCase();
    if (!isUuid(id)) throw noSuchOrder();
    const isStaff = deps.isStaff(request, store.id);
    const token = guestTokenOf(request);
    if (!isStaff && !(token && deps.tokens.verify(token, store.id, id))) throw noSuchOrder();
    return { store, order: { storeId: store.id, id }, isStaff };
  }

  /** A table's phones ask at the same moment, and for the same. */
  const readShared = createSingleFlight(async (key) => {
    const [storeId, id] = key.split(' ') as [string, string];
    return readBill(deps, await stores.find(storeId), id, false);
  });
  const read = async (order: OrderRef): Promise<BillView | undefined> =>
    readShared(`${order.storeId} ${(await billOf(db, order)) ?? order.id}`);

  /** Whoever was moved to another table orders there without scanning its code; whoever is gone does not. */
  const keyAt = (store: Store, { state, orders }: BillView, orderId: string): { tableKey?: string } => {
    const its = orders.find(({ id }) => id === orderId);
    if (store.tableLinks === 'open' || state === 'closed' || !its?.table || its.status === 'cancelled') return {};
    return { tableKey: deps.tableKeys.sign(store, its.table) };
  };

  http.get(
    '/api/v1/stores/:store/orders/:id/bill',
    {
      schema: {
        summary: 'The bill that an order is on, with all orders of the table',
        tags: ['bills'],
        params: Params,
        querystring: TokenQuery,
        response: { 200: BillView },
      },
    },
    async (request, reply) => {
      const { store, order } = await authorize(request);
      const bill = await read(order);
      if (!bill) throw noSuchOrder();
      reply.header('cache-control', 'no-store');
      return { ...bill, ...keyAt(store, bill, order.id) };
    },
  );

  http.get(
    '/api/v1/stores/:store/orders/:id/bill/events',
    { schema: { summary: 'The same, live', tags: ['bills'], params: Params, querystring: TokenQuery } },
    async (request, reply) => {
      const { store, order, isStaff } = await authorize(request);
      if (!(await read(order))) throw noSuchOrder();
      const stream = await deps.streams.open(request, reply, isStaff ? 'staff' : 'status', store.id);
      followBill(read, deps.live, stream, order);
      return reply;
    },
  );
}
