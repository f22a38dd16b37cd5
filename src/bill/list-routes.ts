import Type from 'typebox';
import { BillPage, TillView } from '../contract/index.ts';
import { businessDay, type Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { invalidField } from '../platform/http/problem.ts';
import { readPage, toPage } from '../platform/http/request/cursor.ts';
import { StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { isUuid } from '../platform/id.ts';
import { type Bill, type BillPlace, listAtCounter, listClosed, listUnsettled } from './bills.ts';
import type { StoreDirectory } from './ports.ts';
import { readTill } from './till.ts';
import { type BillReads, codesOf, counterSummaries, toSummary } from './view.ts';

export interface BillListDeps extends BillReads {
  readonly db: Db;
  readonly stores: StoreDirectory;
  readonly now: Clock;
}

const PLACE = /^(\S{10,40}) ([0-9a-f-]{36})$/;
/** As many numbers as are called out while somebody stands at the till. */
const COUNTER_SHOWN_MAX = 100;

/** Lists of bills, a page at a time, and what was taken on a day. */
export function billListRoutes(http: HttpServer, deps: BillListDeps): void {
  const { stores, db } = deps;

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
      return readTill(
        db,
        store,
        day ?? businessDay(deps.now(), store.timeZone, store.dayStartsHour),
        new Date(deps.now()),
      );
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
