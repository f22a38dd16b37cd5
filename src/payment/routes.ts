import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { PaymentDifferenceList, PaymentOffer, PaymentStart, PaymentView } from '../contract/index.ts';
import type { Db } from '../platform/db/pool.ts';
import { bearerOf } from '../platform/http/access/bearer.ts';
import { createGuestOrStaff } from '../platform/http/access/guest-or-staff.ts';
import type { GuestTokens } from '../platform/http/access/guest-tokens.ts';
import { Problem } from '../platform/http/problem.ts';
import type { KeyOf } from '../platform/http/request/idempotency-key.ts';
import { idIn, KeyHeader, StoreParams, TokenQuery } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { toView } from './pay.ts';
import type { Payments } from './payments.ts';
import type { OrderRef, Store, StoreDirectory } from './ports.ts';
import { listDifferences } from './reconcile.ts';

export interface PaymentRoutesDeps {
  readonly db: Db;
  readonly stores: StoreDirectory;
  /** Undefined: this house takes no payments by phone. */
  readonly payments: Payments | undefined;
  /** Of orders. */
  readonly tokens: GuestTokens;
  readonly isStaff: (request: FastifyRequest, storeId: string) => boolean;
  /** What links begin with; null: as the reader came. */
  readonly base: () => string | null;
  readonly keyOf: KeyOf;
}

const Params = Type.Object({ store: Type.String(), id: Type.String() });
const PaymentParams = Type.Object({ store: Type.String(), id: Type.String(), payment: Type.String() });
/** A notification is a few fields. */
const NOTIFICATION_BYTES_MAX = 16 * 1024;

/** Whoever has an order pays what they like of the bill that it is on; the provider tells what became of it. */
export function paymentRoutes(http: HttpServer, deps: PaymentRoutesDeps): void {
  const { stores } = deps;

  const whose = createGuestOrStaff(deps, 'order', { tokenOf: bearerOf });
  async function authorize(request: FastifyRequest): Promise<{ store: Store; order: OrderRef }> {
    const { store, id } = await whose(request);
    return { store, order: { storeId: store.id, id } };
  }
  // First who asks, then what was sent.
  const first = { onRequest: async (request: FastifyRequest) => void (await authorize(request)) };

  function open(): Payments {
    if (!deps.payments) throw new Problem('not-found', { detail: 'This house takes no payments by phone.' });
    return deps.payments;
  }
  const paymentIdOf = (text: string): string =>
    idIn(text, () => new Problem('not-found', { detail: 'There is no such payment.' }));

  http.get(
    '/api/v1/stores/:store/orders/:id/payments',
    {
      ...first,
      schema: {
        summary: 'What can be paid by phone of the bill that an order is on',
        tags: ['payments'],
        params: Params,
        querystring: TokenQuery,
        response: { 200: PaymentOffer },
      },
    },
    async (request, reply) => {
      const { store, order } = await authorize(request);
      reply.header('cache-control', 'no-store');
      return deps.payments?.offer(store, order) ?? CLOSED(store.currency);
    },
  );

  http.post(
    '/api/v1/stores/:store/orders/:id/payments',
    {
      ...first,
      schema: {
        summary: 'Begins a payment by phone',
        description:
          'Nothing is charged yet: `payUrl` is the provider’s page, which sends the guest back to `returnPath`. The Idempotency-Key becomes the payment’s id. What others are paying at the moment cannot be paid twice: `409 payment-underway`.',
        tags: ['payments'],
        params: Params,
        headers: KeyHeader,
        body: PaymentStart,
        response: { 200: PaymentView, 201: PaymentView },
      },
    },
    async (request, reply) => {
      const payments = open();
      const { store, order } = await authorize(request);
      const key = deps.keyOf(request);
      const { amount, returnPath = `/s/${store.slug}` } = request.body;
      const base = deps.base() ?? `${request.protocol}://${request.host}`;
      const returnUrl = `${base}${returnPath}#order/${order.id}`;
      const { intent, isNew } = await payments.start(store, order, { key, amount, returnUrl });
      if (isNew) reply.code(201);
      else reply.header('idempotent-replayed', 'true');
      reply.header('cache-control', 'no-store');
      return toView(intent);
    },
  );

  http.get(
    '/api/v1/stores/:store/orders/:id/payments/:payment',
    {
      ...first,
      schema: {
        summary: 'What became of a payment; the provider is asked where nobody knows yet',
        tags: ['payments'],
        params: PaymentParams,
        querystring: TokenQuery,
        response: { 200: PaymentView },
      },
    },
    async (request, reply) => {
      const { order } = await authorize(request);
      reply.header('cache-control', 'no-store');
      return toView(await open().read(order, paymentIdOf(request.params.payment)));
    },
  );

  http.delete(
    '/api/v1/stores/:store/orders/:id/payments/:payment',
    {
      ...first,
      schema: {
        summary: 'Gives a payment up, so that the bill can be paid otherwise',
        description: 'One that was paid meanwhile stays paid.',
        tags: ['payments'],
        params: PaymentParams,
        querystring: TokenQuery,
        response: { 200: PaymentView },
      },
    },
    async (request) => {
      const { order } = await authorize(request);
      return toView(await open().giveUp(order, paymentIdOf(request.params.payment)));
    },
  );

  http.get(
    '/api/v1/stores/:store/payments/differences',
    {
      schema: {
        summary: 'Where our books and the payment provider’s differ, the newest first',
        tags: ['payments'],
        params: StoreParams,
        response: { 200: PaymentDifferenceList },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.header('cache-control', 'no-store');
      return { items: await listDifferences(deps.db, store.id), next: null };
    },
  );

  void http.register(async (scope: HttpServer) => {
    // A signature is of the very bytes that came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      '/api/v1/payments/notifications',
      {
        onRequest: async () => void open(),
        bodyLimit: NOTIFICATION_BYTES_MAX,
        schema: {
          summary: 'Hears from the payment provider',
          description:
            'Signed and dated by the provider. It says no more than which payment to ask about, so one that comes twice, late or out of order changes nothing.',
          tags: ['payments'],
        },
      },
      async (request, reply) => {
        const payments = open();
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        await payments.notified(request.headers, body);
        return reply.code(204).send();
      },
    );
  });
}

const CLOSED = (currency: string): PaymentOffer => ({
  isOpen: false,
  currency,
  due: 0,
  payable: 0,
  underway: 0,
  payBy: null,
  items: [],
});
