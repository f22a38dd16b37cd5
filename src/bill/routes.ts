import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  BillView,
  DiscountRequest,
  OpenBillRequest,
  PaymentRequest,
  ReceiptRequest,
  RefundRequest,
  ReversalRequest,
  VoidRequest,
} from '../contract/index.ts';
import type { KeyOf } from '../platform/http/request/idempotency-key.ts';
import { idIn, KeyHeader, StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { EventStreams } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import { discount, payment, refundPayment, reverseDiscount, voidBill } from './actions.ts';
import { followBills } from './bill-streams.ts';
import { type Asked, type createChangeBill, type DecideEntry, noSuchBill } from './change-bill.ts';
import { type BillListDeps, billListRoutes } from './list-routes.ts';
import type { Actor, Store } from './ports.ts';
import type { createTableActions } from './table-actions.ts';
import { readBill } from './view.ts';

export interface BillRoutesDeps extends BillListDeps {
  /** Whoever asks; only staff who may come so far. */
  readonly actorOf: (request: FastifyRequest, storeId: string) => Actor;
  readonly change: ReturnType<typeof createChangeBill>;
  readonly tables: ReturnType<typeof createTableActions>;
  /** @returns false when it waits there already */
  readonly printReceipt: (
    slip: { readonly storeId: string; readonly id: string; readonly station: string },
    receipt: BillView,
  ) => Promise<boolean>;
  readonly live: LiveHub;
  readonly streams: EventStreams;
  readonly keyOf: KeyOf;
}

const HASH_HEX_LENGTH = 32;
const BillParams = Type.Object({ store: Type.String(), bill: Type.String() });
const PrintedReceipt = Type.Object({ id: Type.String(), station: Type.String() });
type BillRequest = FastifyRequest<{ Params: { store: string; bill: string } }>;

/** What the hall does with bills: opens, takes money, gives discounts, pays back, ends. */
export function billRoutes(http: HttpServer, deps: BillRoutesDeps): void {
  const { stores, keyOf } = deps;
  billListRoutes(http, deps);

  const billIdOf = (text: string): string => idIn(text, noSuchBill);
  const view = async (store: Store, id: string): Promise<BillView> => {
    const found = await readBill(deps, store, id, true);
    if (!found) throw noSuchBill();
    return found;
  };

  async function change(
    request: BillRequest,
    reply: FastifyReply,
    what: string,
    decideFor: (store: Store, by: Actor) => DecideEntry,
  ): Promise<BillView> {
    const store = await stores.find(request.params.store);
    const billId = billIdOf(request.params.bill);
    const by = deps.actorOf(request, store.id);
    const requestHash = hash('sha256', JSON.stringify([what, request.body]), 'hex').slice(0, HASH_HEX_LENGTH);
    const asked: Asked = { billId, key: keyOf(request), requestHash, by };
    const { isNew } = await deps.change(store, asked, decideFor(store, by));
    if (isNew) reply.code(201);
    else reply.header('idempotent-replayed', 'true');
    reply.header('cache-control', 'no-store');
    return view(store, billId);
  }
  const answers = { 200: BillView, 201: BillView };

  http.post(
    '/api/v1/stores/:store/bills',
    {
      schema: {
        summary: 'Opens a table before its first order',
        description: 'A table that is open already answers 200 with its bill.',
        tags: ['bills'],
        params: StoreParams,
        headers: KeyHeader,
        body: OpenBillRequest,
        response: answers,
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const { id, isNew } = await deps.tables.open(store, request.body.table, keyOf(request));
      reply.code(isNew ? 201 : 200).header('cache-control', 'no-store');
      return view(store, id);
    },
  );

  http.get(
    '/api/v1/stores/:store/bills/events',
    { schema: { summary: 'Which bills change, live', tags: ['bills'], params: StoreParams } },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      followBills(deps.live, await deps.streams.open(request, reply, 'staff', store.id), store.id);
      return reply;
    },
  );

  http.get(
    '/api/v1/stores/:store/bills/:bill',
    {
      schema: {
        summary: 'One bill with its orders and what was paid',
        tags: ['bills'],
        params: BillParams,
        response: { 200: BillView },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.header('cache-control', 'no-store');
      return view(store, billIdOf(request.params.bill));
    },
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/payments',
    {
      schema: {
        summary: 'Takes money at the counter: cash, or a card that is marked by hand',
        description:
          'Never more than is left. `dishes` pays for some portions, discounts spread evenly; whoever takes the last of them pays all that is left.',
        tags: ['bills'],
        params: BillParams,
        headers: KeyHeader,
        body: PaymentRequest,
        response: answers,
      },
    },
    async (request, reply) => change(request, reply, 'payment', () => payment(request.body, deps.readOrders)),
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/discounts',
    {
      schema: {
        summary: 'Takes something off a bill: by hand with a reason, or by a coupon',
        description: 'By hand the hall may give as much in all as the store says, a manager more, an owner anything.',
        tags: ['bills'],
        params: BillParams,
        headers: KeyHeader,
        body: DiscountRequest,
        response: answers,
      },
    },
    async (request, reply) =>
      change(request, reply, 'discount', (store, by) => discount(store, by, request.body, deps.now())),
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/reversals',
    {
      schema: {
        summary: 'Takes back a discount that was given by mistake',
        description:
          'All of it, with a reason; whoever wants another gives that one. A coupon can be used again. A bill that guests have settled stays as it is; one that the discount itself has just settled goes on.',
        tags: ['bills'],
        params: BillParams,
        headers: KeyHeader,
        body: ReversalRequest,
        response: answers,
      },
    },
    async (request, reply) =>
      change(request, reply, 'reversal', (store) => reverseDiscount(store.id, request.body, deps.now())),
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/refunds',
    {
      schema: {
        summary: 'Pays back a payment, or a part of it',
        description: 'It is not asked for again, unless `payAgain` says so. Never more than was paid.',
        tags: ['bills'],
        params: BillParams,
        headers: KeyHeader,
        body: RefundRequest,
        response: answers,
      },
    },
    async (request, reply) => change(request, reply, 'refund', () => refundPayment(request.body)),
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/void',
    {
      schema: {
        summary: 'Ends a bill: what is left is not asked for any more',
        tags: ['bills'],
        params: BillParams,
        headers: KeyHeader,
        body: VoidRequest,
        response: answers,
      },
    },
    async (request, reply) => change(request, reply, 'void', (_store, by) => voidBill(by, request.body)),
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/allow',
    {
      schema: {
        summary: 'Says yes to a table that wants more than it may have',
        description:
          'The order that was refused passes when its guest’s page sends it again, and as much again as a table may have anyway.',
        tags: ['bills'],
        params: BillParams,
        response: { 200: BillView },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const id = billIdOf(request.params.bill);
      await deps.tables.allow(store, id);
      return view(store, id);
    },
  );

  http.post(
    '/api/v1/stores/:store/bills/:bill/receipt',
    {
      schema: {
        summary: 'Prints a receipt of the bill as it is now',
        description:
          'It is a slip of kind `receipt` at the station `receipt`, or another; a print agent of that station prints it.',
        tags: ['bills'],
        params: BillParams,
        headers: KeyHeader,
        body: ReceiptRequest,
        response: { 200: PrintedReceipt, 201: PrintedReceipt },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const { station = 'receipt' } = request.body;
      const id = keyOf(request);
      const found = await readBill(deps, store, billIdOf(request.params.bill), false);
      if (!found) throw noSuchBill();
      const isNew = await deps.printReceipt({ storeId: store.id, id, station }, found);
      reply.code(isNew ? 201 : 200);
      return { id, station };
    },
  );
}
