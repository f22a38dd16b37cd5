import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { VisitKey, VisitRequest } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { invalidField, Problem } from '../../platform/http/problem.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { findTableBill } from '../bills.ts';
import type { StoreDirectory, TableKeys } from '../ports.ts';
import { type VisitKeys, visitProblem } from './visit-keys.ts';
import { createGuesses, type GuessBounds } from './wrong-guesses.ts';

export interface VisitRoutesDeps {
  readonly db: Queryable;
  readonly stores: StoreDirectory;
  readonly tableKeys: TableKeys;
  readonly visits: VisitKeys;
  /** Who asks, as far as an address tells. */
  readonly clientOf: (request: FastifyRequest) => string;
  /** Wrong codes of one visit: of one client, and of all. */
  readonly bounds: { readonly ofClient: GuessBounds; readonly ofVisit: GuessBounds };
  readonly now: Clock;
}

/** A phone joins its table's visit by the code that people there know. */
export function visitRoutes(http: HttpServer, deps: VisitRoutesDeps): void {
  const { stores, visits, bounds } = deps;
  const ofClient = createGuesses(bounds.ofClient, deps.now);
  const ofVisit = createGuesses(bounds.ofVisit, deps.now);

  http.post(
    '/api/v1/stores/:store/visits',
    {
      schema: {
        summary: "Joins a table's visit by its code",
        description:
          'The key goes with orders as `visit`, where the store asks for it, and is good until the visit ends. Wrong codes are bounded.',
        tags: ['orders'],
        params: Type.Object({ store: Type.String() }),
        body: VisitRequest,
        response: { 200: VisitKey },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const { tableKey, code } = request.body;
      const table = request.body.table.trim();
      if (table.includes('\0') || !table.isWellFormed()) throw invalidField('table', 'is no name', 'a name');
      const refusal = deps.tableKeys.refusal(store, table, tableKey);
      if (refusal) throw refusal;
      const seat = await findTableBill(deps.db, store.id, table);
      if (!seat) throw visitProblem('no-visit');
      const visit = { storeId: store.id, id: seat.id };
      const client = `${seat.id} ${deps.clientOf(request)}`;
      if (ofClient.isOver(client) || ofVisit.isOver(seat.id)) {
        throw new Problem('too-many-requests', {
          detail: 'Too many wrong codes: the staff can help.',
          retryAfterS: Math.ceil(bounds.ofClient.forgetMs / 1_000),
        });
      }
      if (!visits.isCode(visit, code)) {
        ofClient.wasWrong(client);
        ofVisit.wasWrong(seat.id);
        throw visitProblem('wrong');
      }
      reply.header('cache-control', 'no-store');
      return { table, visit: visits.keyOf(visit) };
    },
  );
}
