import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { BillView, MergeRequest, MoveRequest } from '../../contract/index.ts';
import { idIn } from '../../platform/http/request/params.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { noSuchBill } from '../change-bill.ts';
import type { Store, StoreDirectory } from '../ports.ts';
import { type BillReads, readBill } from '../view.ts';
import type { MoveTables } from './move-tables.ts';

export interface MoveRoutesDeps extends BillReads {
  readonly stores: StoreDirectory;
  readonly moves: MoveTables;
  /** Whoever asks, for the record. */
  readonly nameOf: (request: FastifyRequest) => string;
}

const Params = Type.Object({ store: Type.String(), bill: Type.String() });

/** Guests who move to another table, tables that pay together, and tables that do so no more. */
export function moveRoutes(http: HttpServer, deps: MoveRoutesDeps): void {
  async function answer(
    request: FastifyRequest<{ Params: { store: string; bill: string } }>,
    reply: FastifyReply,
    change: (store: Store, billId: string, by: string) => Promise<string>,
  ): Promise<BillView> {
    const store = await deps.stores.find(request.params.store);
    const changed = await change(store, idIn(request.params.bill, noSuchBill), deps.nameOf(request));
    reply.header('cache-control', 'no-store');
    return (await readBill(deps, store, changed, true))!;
  }

  http.post(
    '/api/v1/stores/:store/bills/:bill/move',
    {
      schema: {
        summary: 'Moves the guests of a bill to a table that is free',
        description:
          'Orders, tickets and slips that are not printed yet go with them, what was paid stays paid. `from` is where they sit as far as is known: of two who move them at once the second is told `stale`.',
        tags: ['bills'],
        params: Params,
        body: MoveRequest,
        response: { 200: BillView },
      },
    },
    async (request, reply) => answer(request, reply, (store, id, by) => deps.moves.move(store, id, request.body, by)),
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/merge',
    {
      schema: {
        summary: 'Puts a bill together with that of another table',
        description:
          'While nothing of it is paid. Both tables order on that one bill from then on, until it is settled or they are taken apart. Answers the bill that stays.',
        tags: ['bills'],
        params: Params,
        body: MergeRequest,
        response: { 200: BillView },
      },
    },
    async (request, reply) =>
      answer(request, reply, (store, id, by) => deps.moves.merge(store, id, request.body.table, by)),
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/split',
    {
      schema: {
        summary: 'Takes a table that was merged off a bill, with what was ordered there',
        description: 'While nothing of the bill is paid. Answers the bill of that table.',
        tags: ['bills'],
        params: Params,
        body: MergeRequest,
        response: { 200: BillView },
      },
    },
    async (request, reply) =>
      answer(request, reply, (store, id, by) => deps.moves.split(store, id, request.body.table, by)),
  );
}
