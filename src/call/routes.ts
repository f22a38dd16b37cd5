import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { CallList, CallView, TableCallRequest } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import type { KeyOf } from '../platform/http/request/idempotency-key.ts';
import { idIn, StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { answerCall, type CallBounds, findCall, openCalls, placeCall } from './calls.ts';
import type { Announcer, StoreDirectory, TableKeys } from './ports.ts';

export interface CallRoutesDeps {
  /** Guests who call, guests who wait, and the staff. */
  readonly db: { readonly calls: Db; readonly status: Queryable; readonly staff: Db };
  /** One store's callers take nobody else's connections. */
  readonly inTurn: <T>(storeId: string, work: () => Promise<T>) => Promise<T>;
  readonly stores: StoreDirectory;
  readonly tableKeys: TableKeys;
  readonly announcer: Announcer;
  /** Whoever asks, for the record. */
  readonly nameOf: (request: FastifyRequest) => string;
  readonly bounds: CallBounds;
  readonly now: Clock;
  readonly keyOf: KeyOf;
}

const CallParams = Type.Object({ store: Type.String(), call: Type.String() });

const noSuchCall = (): Problem => new Problem('not-found', { detail: 'There is no such call.' });

/** Guests call the staff to their table; who is nearest says that they come. */
export function callRoutes(http: HttpServer, deps: CallRoutesDeps): void {
  const { stores, db, now } = deps;

  http.post(
    '/api/v1/stores/:store/calls',
    {
      schema: {
        summary: 'Calls the staff to a table',
        description:
          'A table that has called and waits answers 200 with that call. Where tables are signed, `tableKey` is what the printed link holds.',
        tags: ['calls'],
        params: StoreParams,
        headers: Type.Object({
          'idempotency-key': Type.Optional(Type.String({ description: 'UUIDv7; required; becomes its id' })),
        }),
        body: TableCallRequest,
        response: { 200: CallView, 201: CallView },
      },
    },
    async (request, reply) => {
      const id = deps.keyOf(request);
      const store = await stores.find(request.params.store);
      const table = request.body.table.trim();
      if (!table || table.includes('\0') || !table.isWellFormed()) throw invalidField('table', 'is no name', 'a name');
      const problem = deps.tableKeys.refusal(store, table, request.body.tableKey);
      if (problem) throw problem;
      const placed = await deps.inTurn(store.id, () =>
        db.calls.transaction(async (tx) => {
          const found = await placeCall(tx, { storeId: store.id, table, id, nowMs: now() }, deps.bounds);
          if (found?.isNew) await deps.announcer.announce(tx, [{ kind: 'calls', storeId: store.id }]);
          return found;
        }),
      );
      if (!placed) {
        throw new Problem('too-many-requests', {
          detail: 'The staff were just here, or many tables are waiting for them.',
          retryAfterS: Math.ceil(deps.bounds.againMs / 1_000),
        });
      }
      reply.code(placed.isNew ? 201 : 200).header('cache-control', 'no-store');
      return placed.call;
    },
  );

  http.get(
    '/api/v1/stores/:store/calls/:call',
    {
      schema: {
        summary: 'Whether somebody comes',
        description: 'Whoever called knows its id and nobody else does.',
        tags: ['calls'],
        params: CallParams,
        response: { 200: CallView },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const call = await findCall(db.status, store.id, idIn(request.params.call, noSuchCall));
      if (!call) throw noSuchCall();
      reply.header('cache-control', 'no-store');
      return call;
    },
  );

  http.get(
    '/api/v1/stores/:store/calls',
    {
      schema: {
        summary: 'Tables that wait for the staff, the longest waiting first',
        description: 'The kitchen’s stream says `calls` whenever that changes.',
        tags: ['calls'],
        params: StoreParams,
        response: { 200: CallList },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.header('cache-control', 'no-store');
      return { items: await openCalls(db.staff, store.id), next: null };
    },
  );

  http.post(
    '/api/v1/stores/:store/calls/:call/answer',
    {
      schema: {
        summary: 'Says that somebody comes',
        description: 'The first who says so is written down; saying it again changes nothing.',
        tags: ['calls'],
        params: CallParams,
        response: { 200: CallView },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const id = idIn(request.params.call, noSuchCall);
      const answered = await db.staff.transaction(async (tx) => {
        const found = await answerCall(tx, store.id, id, deps.nameOf(request), new Date(now()));
        if (found?.isNew) await deps.announcer.announce(tx, [{ kind: 'calls', storeId: store.id }]);
        return found;
      });
      if (!answered) throw noSuchCall();
      return answered.call;
    },
  );
}
