import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  BillPage,
  BillView,
  DiscountRequest,
  OpenBillRequest,
  PaymentRequest,
  ReceiptRequest,
  RefundRequest,
  TillView,
  VoidRequest,
} from '../contract/index.ts';
import { businessDay, type Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { readPage, toPage } from '../platform/http/cursor.ts';
import { checkIdempotencyKey } from '../platform/http/idempotency-key.ts';
import { idIn, KeyHeader, StoreParams } from '../platform/http/params.ts';
import { invalidField } from '../platform/http/problem.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { isUuid } from '../platform/id.ts';
import type { EventStreams } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import { discount, payment, refundPayment, voidBill } from './actions.ts';
import { followBills } from './bill-streams.ts';
import { type Bill, type BillPlace, listAtCounter, listClosed, listUnsettled } from './bills.ts';
import { type Asked, type createChangeBill, type DecideEntry, noSuchBill } from './change-bill.ts';
import type { Actor, Store, StoreDirectory } from './ports.ts';
import type { createTableActions } from './table-actions.ts';
import { readTill } from './till.ts';
import { type BillReads, codesOf, counterSummaries, readBill, toSummary } from './view.ts';

export interface BillRoutesDeps extends BillReads {
  readonly db: Db;
  readonly stores: StoreDirectory;
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
  readonly now: Clock;
  readonly keyClockSkewMs: number;
}

const HASH_HEX_LENGTH = 32;
const PLACE = /^(\S{10,40}) ([0-9a-f-]{36})$/;
/** As many numbers as are called out while somebody stands at the till. */
const COUNTER_SHOWN_MAX = 100;
const BillParams = Type.Object({ store: Type.String(), bill: Type.String() });
const PrintedReceipt = Type.Object({ id: Type.String(), station: Type.String() });
type BillRequest = FastifyRequest<{ Params: { store: string; bill: string } }>;

/** What the hall does with bills: sees, opens, takes money, gives discounts, pays back, ends. */
export function billRoutes(http: HttpServer, deps: BillRoutesDeps): void {
  const { stores, db } = deps;

  const billIdOf = (text: string): string => idIn(text, noSuchBill);
  const keyOf = (request: FastifyRequest): string =>
    checkIdempotencyKey(request.headers['idempotency-key'], deps.now(), deps.keyClockSkewMs);
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

  http.get(
    '/api/v1/stores/:store/bills',
    {
      schema: {
        summary: 'Bills that are open or not settled, the oldest first',
        description:
          '`state=closed`: those that are closed, the latest first. An order at the counter is its own bill, under its id; `state=counter`: the latest of those that nobody has paid.',
        tags: ['bills'],
        params: StoreParams,
        querystring: Type.Object({
          state: Type.Optional(Type.String()),
          limit: Type.Optional(Type.String()),
          cursor: Type.Optional(Type.String()),
        }),
        response: { 200: BillPage },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const { state } = request.query;
      if (state !== undefined && state !== 'closed' && state !== 'counter') {
        throw invalidField('state', 'is unknown', 'closed, counter, or unset');
      }
      if (state === 'counter') {
        const refs = await listAtCounter(db, store.id, COUNTER_SHOWN_MAX, new Date(deps.now()));
        return { items: await counterSummaries(deps, store, refs), next: null };
      }
      const { limit, after } = readPage(request.query, (text) => placeIn(text) !== undefined);
      const place = after === null ? null : placeIn(after)!;
      const bills = await (state ? listClosed : listUnsettled)(db, store.id, limit, place);
      const { items, next } = toPage(bills, limit, (bill) => toPlace(bill, state === 'closed'));
      const numbers = await numbersOf(items);
      reply.header('cache-control', 'no-store');
      return {
        items: items.map((bill) => ({
          ...toSummary(store, bill, numbers.get(bill.id) ?? null),
          ...codesOf(deps, store, bill),
        })),
        next,
      };
    },
  );

  /** What counter orders are called out by. */
  async function numbersOf(bills: readonly Bill[]): Promise<Map<string, number>> {
    // The bill of an order at the counter has its id.
    const refs = bills.filter(({ table }) => table === null).map(({ storeId, id }) => ({ storeId, id }));
    const orders = refs.length > 0 ? await deps.readOrders(db, refs) : [];
    return new Map(orders.flatMap((order) => (order ? [[order.id, order.number] as const] : [])));
  }

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

  http.get(
    '/api/v1/stores/:store/till',
    {
      schema: {
        summary: 'What was taken on a business day, by method',
        tags: ['bills'],
        params: StoreParams,
        querystring: Type.Object({ day: Type.Optional(Type.String({ description: 'YYYY-MM-DD; unset: today' })) }),
        response: { 200: TillView },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const { day } = request.query;
      if (day !== undefined && !isDay(day)) throw invalidField('day', 'is no date', 'YYYY-MM-DD');
      return readTill(db, store, day ?? businessDay(deps.now(), store.timeZone, store.dayStartsHour));
    },
  );
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

/** Only what `toPlace` wrote: a time that Postgres cannot read is none. */
function placeIn(text: string): BillPlace | undefined {
  const [, at, id] = PLACE.exec(text) ?? [];
  return at && id && isUuid(id) && !Number.isNaN(Date.parse(at)) ? { at: new Date(at).toISOString(), id } : undefined;
}

const toPlace = ({ openedAt, closedAt, id }: Bill, byClosing: boolean): string =>
  `${(byClosing ? closedAt! : openedAt).toISOString()} ${id}`;
