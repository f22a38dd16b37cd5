import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { SALES_BY, Sales, type SalesBy, SalesDays, SalesTimes, StoresAtAGlance } from '../contract/index.ts';
import { businessDay, type Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { invalidField } from '../platform/http/problem.ts';
import { StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { Store, StoreDirectory } from './ports.ts';
import { readDays, readSales, type SalesRange } from './read-sales.ts';
import { readStores } from './read-stores.ts';
import { readTimes } from './read-times.ts';
import { writeCsv } from './write-csv.ts';

export interface SalesRoutesDeps {
  readonly db: Queryable;
  readonly stores: StoreDirectory;
  readonly now: Clock;
  readonly bounds: {
    /** Days of one answer by hour. */
    readonly hourDaysMax: number;
    /** Days of one answer by anything else. */
    readonly daysMax: number;
    /** Orders whose times are looked at. */
    readonly timesOrdersMax: number;
    /** Stores of one page at a glance. */
    readonly storesPageMax: number;
  };
}

/** Two weeks: each day and the same day of the week before. */
const DAYS_SHOWN = 14;
const DAY_MS = 24 * 3_600_000;
const range = { from: Type.Optional(Type.String()), to: Type.Optional(Type.String()) };

export function salesRoutes(http: HttpServer, { db, stores, now, bounds }: SalesRoutesDeps): void {
  const todayOf = (store: Store): string => businessDay(now(), store.timeZone, store.dayStartsHour);

  /** `from` unset: the last so many days with today; `to` unset: the day after, or today's. @throws Problem `invalid` */
  function readRange(query: { from?: string; to?: string }, store: Store, daysMax: number, lastDays = 1): SalesRange {
    const from = dateOf('from', query.from) ?? daysAfter(todayOf(store), 1 - lastDays);
    const to = dateOf('to', query.to) ?? daysAfter(from, query.from === undefined ? lastDays : 1);
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
    if (days < 1) throw invalidField('to', 'is not after from', 'the day after the last one that is wanted');
    if (days > daysMax) throw invalidField('to', `is ${days} days after from`, `at most ${daysMax}`);
    return { from, to };
  }

  http.get(
    '/api/v1/stores/:store/sales',
    {
      schema: {
        summary: 'What a store sold',
        description:
          'By the store’s own days, `to` not among them; of orders that are not cancelled. As CSV with `Accept: text/csv` or `format=csv`. What was sold within the last minute may not be in it yet.',
        tags: ['sales'],
        params: StoreParams,
        querystring: Type.Object({
          ...range,
          by: Type.Optional(Type.String({ description: SALES_BY.join(', ') })),
          format: Type.Optional(Type.String({ description: 'json, csv' })),
        }),
        response: { 200: Sales },
      },
    },
    async (request, reply) => {
      const { by: wanted = 'day', format } = request.query;
      const by = SALES_BY.find((each) => each === wanted);
      if (!by) throw invalidField('by', 'is not a way to divide sales', SALES_BY.join(', '));
      if (format !== undefined && format !== 'json' && format !== 'csv') {
        throw invalidField('format', 'is not a format', 'json, csv');
      }
      const store = await stores.find(request.params.store);
      const days = readRange(request.query, store, by === 'hour' ? bounds.hourDaysMax : bounds.daysMax);
      const sales = await readSales(db, store, days, by);
      reply.header('cache-control', 'no-store').header('vary', 'Accept');
      if (format !== 'csv' && (format === 'json' || !wantsCsv(request))) return sales;
      const file = `sales-${store.slug}-${days.from}-${days.to}-${by satisfies SalesBy}.csv`;
      reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="${file}"`)
        .serializer(String);
      return reply.send(writeCsv(sales, by, store) as never);
    },
  );

  http.get(
    '/api/v1/stores/:store/sales/days',
    {
      schema: {
        summary: 'Which of a store’s days are closed, the newest first; unsaid, of the last two weeks',
        tags: ['sales'],
        params: StoreParams,
        querystring: Type.Object(range),
        response: { 200: SalesDays },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.header('cache-control', 'no-store');
      const days = readRange(request.query, store, bounds.daysMax, DAYS_SHOWN);
      return { today: todayOf(store), items: await readDays(db, store, days), next: null };
    },
  );

  http.get(
    '/api/v1/stores/:store/sales/times',
    {
      schema: {
        summary: 'How long a store’s guests waited on a day, today unless said',
        tags: ['sales'],
        params: StoreParams,
        querystring: Type.Object({ day: Type.Optional(Type.String()) }),
        response: { 200: SalesTimes },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const day = dateOf('day', request.query.day) ?? todayOf(store);
      reply.header('cache-control', 'no-store');
      return readTimes(db, store.id, day, bounds.timesOrdersMax);
    },
  );

  http.get(
    '/api/v1/sales/stores',
    {
      schema: {
        summary: 'Each store’s day so far, beside as much of the same day a week before',
        tags: ['sales'],
        querystring: Type.Object({
          cursor: Type.Optional(Type.String({ maxLength: 100, description: '`next` of the last answer' })),
        }),
        response: { 200: StoresAtAGlance },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return readStores(db, now(), request.query.cursor ?? '', bounds.storesPageMax);
    },
  );
}

/** A browser accepts everything; who wants a table says so. */
const wantsCsv = ({ headers }: FastifyRequest): boolean => /\btext\/csv\b/i.test(headers.accept ?? '');

const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** @throws Problem `invalid` for what is no day of the calendar, or none that a shop was open on */
function dateOf(field: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = /^[12]\d{3}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) {
    throw invalidField(field, 'is not a day', 'a date such as 2026-11-27');
  }
  return text;
}
