import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { BillView } from '../contract/index.ts';
import { createSingleFlight } from '../platform/concurrency/single-flight.ts';
import { createGuestOrStaff, notYours } from '../platform/http/access/guest-or-staff.ts';
import type { GuestTokens } from '../platform/http/access/guest-tokens.ts';
import { TokenQuery } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { EventStreams } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
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

/** Whoever has an order at a table sees what the table owes together; who took the money is the staff's business. */
export function guestBillRoutes(http: HttpServer, deps: GuestBillRoutesDeps): void {
  const { stores, db } = deps;

  const authorize = createGuestOrStaff(deps, 'order');

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
      const { store, id } = await authorize(request);
      const bill = await read({ storeId: store.id, id });
      if (!bill) throw notYours('order');
      reply.header('cache-control', 'no-store');
      return { ...bill, ...keyAt(store, bill, id) };
    },
  );

  http.get(
    '/api/v1/stores/:store/orders/:id/bill/events',
    { schema: { summary: 'The same, live', tags: ['bills'], params: Params, querystring: TokenQuery } },
    async (request, reply) => {
      const { store, id, by } = await authorize(request);
      const order = { storeId: store.id, id };
      if (!(await read(order))) throw notYours('order');
      const stream = await deps.streams.open(request, reply, by === 'staff' ? 'staff' : 'status', store.id);
      followBill(read, deps.live, stream, order);
      return reply;
    },
  );
}
