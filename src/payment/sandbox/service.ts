import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { PaymentState } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/pool.ts';
import { pageHeaders } from '../../platform/http/answer/security-headers.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { isUuid } from '../../platform/id.ts';
import {
  changedPayments,
  decidePayment,
  findPayment,
  makePayment,
  type Notice,
  refundPayment,
  type SandboxKeys,
  type SandboxPayment,
} from './book.ts';
import { CHOICES, type Choice, payPage } from './page.ts';

export interface SandboxDeps {
  readonly db: Db;
  readonly keys: () => Promise<SandboxKeys>;
  /** Told that notifications are due. */
  readonly noticesDue: () => void;
  readonly now: Clock;
}

/** Where the sandbox is found on its server. */
export const SANDBOX_PATH = '/sandbox-pay';

export const SANDBOX_HEADER = 'sandbox-version';

const LATE_MS = 90_000;
/** A form is answered with the way back to the shop, wherever that is. */
const sendPage = (reply: FastifyReply, html: string) =>
  reply
    .headers({ ...pageHeaders(html, { 'default-src': "'none'", 'form-action': '*' }), 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(html);

const KeyParams = Type.Object({ key: Type.String() });
const NewPaymentBody = Type.Object({
  amount: Type.Integer({ minimum: 1 }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  name: Type.String({ maxLength: 100 }),
  returnUrl: Type.String({ pattern: '^https?://', maxLength: 1_000 }),
  notifyUrl: Type.String({ pattern: '^https?://', maxLength: 1_000 }),
  expiresAt: Type.String({ format: 'date-time' }),
});

/** What follows from a choice: the state, and which notifications are sent when. */
const FOLLOWS: Readonly<
  Record<
    Exclude<Choice, 'silence'>,
    { state: Exclude<PaymentState, 'open'>; notices: readonly [PaymentState, number][] }
  >
> = {
  pay: { state: 'paid', notices: [['paid', 0]] },
  decline: { state: 'declined', notices: [['declined', 0]] },
  cancel: { state: 'cancelled', notices: [['cancelled', 0]] },
  late: { state: 'paid', notices: [['paid', LATE_MS]] },
  twice: {
    state: 'paid',
    notices: [
      ['paid', 0],
      ['paid', 0],
    ],
  },
  disorder: {
    state: 'paid',
    notices: [
      ['paid', 0],
      ['declined', 0],
    ],
  },
  lost: { state: 'paid', notices: [] },
};

/**
 * A payment provider to try the shop with: an API for the shop, a page for the guest, and signed notifications. Its books are its own, in
 * Postgres, because a provider forgets no money when a process of ours is killed.
 */
export function sandboxRoutes(http: HttpServer, { db, keys, noticesDue, now }: SandboxDeps): void {
  const at = (): Date => new Date(now());
  const noSuchPayment = () => new Problem('not-found', { detail: 'The sandbox knows no such payment.' });
  const view = ({ key, id, state, amount, currency, refunded, returnUrl }: SandboxPayment) => ({
    key,
    state,
    amount,
    currency,
    refunded,
    payUrl: `${new URL(returnUrl).origin}${SANDBOX_PATH}/pay/${id}`,
  });

  /** Only the shop's own server speaks with the API. @throws Problem `unauthorized` */
  async function shopOnly(request: FastifyRequest): Promise<void> {
    const right = Buffer.from(`Bearer ${(await keys()).apiKey}`);
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      throw new Problem('unauthorized', { detail: "The sandbox's API needs its key." });
    }
  }
  const shop = { onRequest: shopOnly };
  const hide = { hide: true };

  void http.register(
    async (scope: HttpServer) => {
      // Tells its own 404 from that of whoever else is at this address.
      scope.addHook('onRequest', async (_request, reply) => void reply.header(SANDBOX_HEADER, '1'));
      scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
        done(null, Object.fromEntries(new URLSearchParams(body as string))),
      );

      scope.post(
        '/v1/payments/:key',
        { ...shop, schema: { ...hide, params: KeyParams, body: NewPaymentBody } },
        async ({ params, body }) => {
          const asked = { ...body, key: params.key, expiresAt: new Date(body.expiresAt) };
          const made = await makePayment(db, asked, at());
          if (made.amount !== body.amount || made.currency !== body.currency) {
            throw new Problem('key-reused', { detail: 'This key belongs to another payment.' });
          }
          return view(made);
        },
      );

      scope.get('/v1/payments/:key', { ...shop, schema: { ...hide, params: KeyParams } }, async ({ params }) => {
        const found = await findPayment(db, 'key', params.key, at());
        if (!found) throw noSuchPayment();
        return view(found);
      });

      scope.post(
        '/v1/payments/:key/cancel',
        { ...shop, schema: { ...hide, params: KeyParams } },
        async ({ params }) => {
          await decidePayment(db, params.key, 'cancelled', [], at());
          const found = await findPayment(db, 'key', params.key, at());
          if (!found) throw noSuchPayment();
          return view(found);
        },
      );

      scope.post(
        '/v1/payments/:key/refunds/:refund',
        {
          ...shop,
          schema: {
            ...hide,
            params: Type.Object({ key: Type.String(), refund: Type.String() }),
            body: Type.Object({ amount: Type.Integer({ minimum: 1 }) }),
          },
        },
        async ({ params, body }) => {
          if (!(await findPayment(db, 'key', params.key, at()))) throw noSuchPayment();
          const refund = { key: params.refund, payment: params.key, amount: body.amount };
          return { state: (await refundPayment(db, refund, at())) ? 'done' : 'refused' };
        },
      );

      scope.get(
        '/v1/payments',
        {
          ...shop,
          schema: {
            ...hide,
            querystring: Type.Object({
              from: Type.String({ format: 'date-time' }),
              to: Type.String({ format: 'date-time' }),
              cursor: Type.Optional(Type.String()),
            }),
          },
        },
        async ({ query }) => {
          const range = { from: new Date(query.from), to: new Date(query.to), after: query.cursor ?? null };
          const { items, next } = await changedPayments(db, range, at());
          return { items: items.map(view), next };
        },
      );

      const pageOf = async (id: string): Promise<SandboxPayment> => {
        const found = isUuid(id) ? await findPayment(db, 'id', id, at()) : undefined;
        if (!found) throw noSuchPayment();
        return found;
      };
      const IdParams = Type.Object({ id: Type.String() });

      scope.get('/pay/:id', { schema: { ...hide, params: IdParams } }, async ({ params }, reply) => {
        const payment = await pageOf(params.id);
        return sendPage(reply, payPage(payment));
      });

      scope.post(
        '/pay/:id',
        { schema: { ...hide, params: IdParams, body: Type.Object({ choice: Type.String() }) } },
        async ({ params, body }, reply) => {
          const payment = await pageOf(params.id);
          const choice = body.choice as Choice;
          if (!Object.hasOwn(CHOICES, choice)) {
            throw new Problem('invalid', {
              fields: [{ field: 'choice', problem: 'is unknown', allowed: Object.keys(CHOICES).join(', ') }],
            });
          }
          if (choice === 'silence') return sendPage(reply, payPage(payment, choice));
          const { state, notices } = FOLLOWS[choice];
          const nowMs = now();
          const due = notices.map(([each, afterMs]): Notice => ({ state: each, sendAt: new Date(nowMs + afterMs) }));
          const decided = await decidePayment(db, payment.key, state, due, new Date(nowMs));
          if (!decided) return sendPage(reply, payPage(await pageOf(params.id)));
          noticesDue();
          reply.header('cache-control', 'no-store');
          return reply.redirect(payment.returnUrl, 303);
        },
      );
    },
    { prefix: SANDBOX_PATH },
  );
}
