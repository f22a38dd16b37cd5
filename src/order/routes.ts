import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  CANCEL_REASONS,
  INT4_MAX,
  LineChangeRequest,
  LineMakingRequest,
  OrderRequest,
  OrderView,
} from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { createGuestOrStaff, notYours } from '../platform/http/access/guest-or-staff.ts';
import type { GuestTokens } from '../platform/http/access/guest-tokens.ts';
import { arrivedMsOf } from '../platform/http/fast-path/fast-path.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import type { KeyOf } from '../platform/http/request/idempotency-key.ts';
import { IdempotencyKey, idIn, StoreParams, TokenQuery } from '../platform/http/request/params.ts';
import { describeAnswer, type HttpServer } from '../platform/http/server.ts';
import type { EventStreams } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import type { CancelWords, createCancelOrder } from './cancel-order.ts';
import { toCandidate } from './candidate.ts';
import type { createChangeLine } from './change-line.ts';
import { withPlace } from './line/lined-intake.ts';
import { LINE_PLACE, LinePlaceHeader, lineRoutes } from './line/routes.ts';
import type { VirtualLine } from './line/virtual-line.ts';
import { followOrder } from './order-stream.ts';
import type { createPlaceOrder, Placed } from './place-order.ts';
import type { Store, StoreDirectory } from './ports.ts';
import { createSharedEvents, type SnapshotCache } from './snapshot-cache.ts';
import type { createTakeOff, LineAsked } from './take-off-line.ts';

export interface OrderRoutesDeps {
  readonly db: { readonly status: Queryable };
  readonly stores: StoreDirectory;
  readonly line: VirtualLine;
  readonly placeOrder: ReturnType<typeof createPlaceOrder>;
  readonly cancelOrder: ReturnType<typeof createCancelOrder>;
  /** Writes down who of the staff cancelled an order. */
  readonly noteCancel: (tx: Queryable, order: OrderView, by: string) => Promise<void>;
  readonly takeOff: ReturnType<typeof createTakeOff>;
  readonly changeLine: ReturnType<typeof createChangeLine>;
  /** Whoever changes an order, for the record. */
  readonly actorOf: (request: FastifyRequest, storeId: string) => LineAsked['by'];
  readonly tokens: GuestTokens;
  /** True when the request carries the rights of the store's staff. */
  readonly isStaff: (request: FastifyRequest, storeId: string) => boolean;
  /** Who sent a request, for shares of the waiting room; undefined: clients are not told apart. */
  readonly clientOf: ((request: FastifyRequest) => string) | undefined;
  readonly snapshots: SnapshotCache;
  readonly live: LiveHub;
  readonly streams: EventStreams;
  readonly keyOf: KeyOf;
}

const OrderParams = Type.Object({ store: Type.String(), id: Type.String() });

export function orderRoutes(http: HttpServer, deps: OrderRoutesDeps): void {
  const { stores, tokens } = deps;
  const readEvents = createSharedEvents(deps.db.status);
  lineRoutes(http, stores, deps.line);

  const authorize = createGuestOrStaff(deps, 'order');

  async function lineAsked(
    request: FastifyRequest<{ Params: { store: string; id: string; line: string } }>,
  ): Promise<LineAsked & { readonly store: Store }> {
    const { line } = request.params;
    const store = await stores.find(request.params.store);
    const id = idIn(request.params.id, noSuchOrder);
    if (!/^[1-9]\d?$/.test(line)) throw noSuchOrder();
    return { store, id, line: Number(line), by: deps.actorOf(request, store.id) };
  }

  http.post(
    '/api/v1/stores/:store/orders',
    {
      schema: {
        summary: 'Places an order',
        description:
          'The Idempotency-Key (a UUIDv7 made by the client) becomes the order’s id. The same key and body again answer 200 and change nothing.',
        tags: ['orders'],
        params: StoreParams,
        headers: Type.Object({
          'idempotency-key': IdempotencyKey,
          [LINE_PLACE]: LinePlaceHeader,
        }),
        body: OrderRequest,
        response: describeAnswer({ 200: OrderView, 201: OrderView }),
      },
    },
    async (request, reply) => {
      const id = deps.keyOf(request);
      const store = await stores.find(request.params.store);
      const client = deps.clientOf?.(request);
      const order = {
        ...toCandidate(store.id, id, request.body),
        // At the counter it makes no difference.
        isByStaff: request.body.table !== undefined && deps.isStaff(request, store.id),
      };
      const place = deps.line.read(request.headers[LINE_PLACE], store.id, id);
      let placed: Placed;
      try {
        placed = await deps.placeOrder(order, { client, arrivedMs: arrivedMsOf(request.raw), place });
      } catch (error) {
        const sender = client === undefined ? undefined : { client, table: order.table };
        throw withPlace(error, () => deps.line.give(order, place, sender));
      }
      reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
      if (placed.isNew) reply.code(201).header('location', `/api/v1/stores/${store.id}/orders/${id}`);
      else reply.code(200).header('idempotent-replayed', 'true');
      return reply.send(JSON.stringify({ ...placed.order, token: tokens.sign(store.id, id) }));
    },
  );

  http.get(
    '/api/v1/stores/:store/orders/:id',
    {
      schema: {
        summary: 'One order',
        tags: ['orders'],
        params: OrderParams,
        querystring: TokenQuery,
        response: { 200: OrderView },
      },
    },
    async (request, reply) => {
      const { store, id } = await authorize(request);
      const order = await deps.snapshots.read({ storeId: store.id, id });
      if (!order) throw noSuchOrder();
      reply.header('cache-control', 'no-store');
      return order;
    },
  );

  http.delete(
    '/api/v1/stores/:store/orders/:id',
    {
      // First who asks, then what was sent.
      onRequest: async (request) => void (await authorize(request)),
      schema: {
        summary: 'Cancels an order',
        description:
          'A guest may, while it is placed and the kitchen has printed no slip of it. Staff say with `returnPortions` whether its portions can be sold again; unsaid, those of an order that is placed can, and those that were begun are waste. With `reason` they say why, which its guest is told.',
        tags: ['orders'],
        params: OrderParams,
        querystring: Type.Object({
          token: Type.Optional(Type.String()),
          returnPortions: Type.Optional(Type.String()),
          reason: Type.Optional(Type.String()),
        }),
        response: { 200: OrderView },
      },
    },
    async (request) => {
      const { store, id, by } = await authorize(request);
      const words = cancelWords(request.query);
      if (by === 'guest' && (words.reason || words.returnPortions !== undefined)) {
        throw new Problem('forbidden', { detail: 'Only the shop says why, and whether portions return.' });
      }
      if (by === 'guest') return deps.cancelOrder(store, id, by, words);
      const { name } = deps.actorOf(request, store.id);
      return deps.cancelOrder(store, id, by, { ...words, written: (tx, order) => deps.noteCancel(tx, order, name) });
    },
  );

  http.put(
    '/api/v1/stores/:store/orders/:id/lines/:line',
    {
      schema: {
        summary: 'Takes portions of a dish off an order',
        description:
          'Its bill, its tickets and the books follow, and a slip that was handed out is followed by one of kind `changed`. `from` is how many there are as far as is known: of two who take off at once the second is told `stale` with how many there are. What is paid by dish stays, and what was served an owner or a manager takes off.',
        tags: ['orders'],
        params: Type.Object({ store: Type.String(), id: Type.String(), line: Type.String() }),
        body: LineChangeRequest,
        response: { 200: OrderView },
      },
    },
    async (request, reply) => {
      const { store, ...asked } = await lineAsked(request);
      reply.header('cache-control', 'no-store');
      return deps.takeOff(store, asked, request.body);
    },
  );

  http.put(
    '/api/v1/stores/:store/orders/:id/lines/:line/making',
    {
      schema: {
        summary: 'Changes how a dish of an order is made',
        description:
          'Other options or another note, for all portions of the line; how many there are stays. Its bill, its ticket and the books follow, and a slip that was handed out is followed by one of kind `changed`. What stays keeps the price at which it was ordered, new options cost what they cost now. `from` is how it is made as far as is known; if it is made otherwise by now, the answer is `stale`.',
        tags: ['orders'],
        params: Type.Object({ store: Type.String(), id: Type.String(), line: Type.String() }),
        body: LineMakingRequest,
        response: { 200: OrderView },
      },
    },
    async (request, reply) => {
      const { store, ...asked } = await lineAsked(request);
      reply.header('cache-control', 'no-store');
      return deps.changeLine(store, asked, request.body);
    },
  );

  http.get(
    '/api/v1/stores/:store/orders/:id/events',
    {
      schema: {
        summary: 'Follows an order (Server-Sent Events)',
        description:
          'Events named `status`, their id is the sequence number; `Last-Event-ID` resumes after it. An event named `table` says that the staff have moved its guests, `changed` that they took dishes off it or changed how they are made.',
        tags: ['orders'],
        params: OrderParams,
        querystring: TokenQuery,
      },
    },
    async (request, reply) => {
      const { store, id, by } = await authorize(request);
      const ref = { storeId: store.id, id };
      if (!(await deps.snapshots.read(ref))) throw noSuchOrder();
      const afterSeq = Number(request.headers['last-event-id'] ?? 0);
      const stream = await deps.streams.open(request, reply, by === 'staff' ? 'staff' : 'status', store.id);
      followOrder(
        readEvents,
        deps.live,
        stream,
        ref,
        Number.isSafeInteger(afterSeq) && afterSeq > 0 ? Math.min(afterSeq, INT4_MAX) : 0,
      );
      return reply;
    },
  );
}

/** @throws Problem `invalid` for a word that is none of those allowed */
function cancelWords({ returnPortions, reason }: { returnPortions?: string; reason?: string }): CancelWords {
  if (returnPortions !== undefined && returnPortions !== 'true' && returnPortions !== 'false') {
    throw invalidField('returnPortions', 'is neither', 'true or false');
  }
  const known = CANCEL_REASONS.find((each) => each === reason);
  if (reason !== undefined && !known) throw invalidField('reason', 'is no reason', CANCEL_REASONS.join(', '));
  return { returnPortions: returnPortions === undefined ? undefined : returnPortions === 'true', reason: known };
}

const noSuchOrder = (): Problem => notYours('order');
