import Type, { type Static } from 'typebox';
import { Id, Name, Time } from './common.ts';

/** What a table of sales has a line for. */
export const SALES_BY = ['hour', 'day', 'item', 'station'] as const;
export type SalesBy = (typeof SALES_BY)[number];

const sums = {
  orders: Type.Integer({ description: 'orders that are not cancelled, those of several dishes once a line' }),
  portions: Type.Integer(),
  total: Type.Integer({ description: "integer of the currency's minor unit" }),
};

export const SalesLine = Type.Object({
  at: Type.Optional(
    Type.String({ description: 'by hour: when the hour began, ISO 8601, UTC; by day: the store’s business day' }),
  ),
  itemId: Type.Optional(Id),
  station: Type.Optional(Type.String()),
  name: Type.Optional(Name),
  ...sums,
});
export type SalesLine = Static<typeof SalesLine>;

/** Of a dish that was renamed there is a line for each name, because the line has the name that it was sold under. */
export const Sales = Type.Object({ currency: Type.String(), items: Type.Array(SalesLine), total: Type.Object(sums) });
export type Sales = Static<typeof Sales>;

export const SalesDay = Type.Object({
  day: Type.String({ format: 'date' }),
  ...sums,
  closedAt: Type.Union([Time, Type.Null()], {
    description: 'when the day was over and its figures were found to be those of its orders',
  }),
});
export type SalesDay = Static<typeof SalesDay>;

const Seconds = Type.Union([Type.Number({ minimum: 0 }), Type.Null()]);
const spread = (description: string) => Type.Object({ median: Seconds, p90: Seconds }, { description });

/** How long guests of a day waited, in seconds: half of them, and nine of ten, at most so long. Null where no order got so far. */
export const SalesTimes = Type.Object({
  day: Type.String({ format: 'date' }),
  orders: Type.Integer({ description: 'that are ready, of the day’s last 20,000' }),
  late: Type.Integer({ description: 'of them, ready after the promise' }),
  waiting: spread('from the order until somebody cooked'),
  cooking: spread('from then until it was ready'),
  whole: spread('from the order until it was ready'),
});
export type SalesTimes = Static<typeof SalesTimes>;

/** A store's day so far, beside as much of the same day of the week before. */
export const StoreAtAGlance = Type.Object({
  id: Id,
  slug: Type.String(),
  name: Name,
  currency: Type.String(),
  day: Type.String({ format: 'date' }),
  ...sums,
  before: Type.Integer({ description: 'total of the same day a week before, until the same quarter of an hour' }),
  openDays: Type.Integer({ description: 'earlier days of the last two weeks that are not closed yet' }),
});
export type StoreAtAGlance = Static<typeof StoreAtAGlance>;
export const StoresAtAGlance = Type.Object({
  items: Type.Array(StoreAtAGlance),
  next: Type.Union([Type.String(), Type.Null()]),
});
export type StoresAtAGlance = Static<typeof StoresAtAGlance>;

export const SalesDays = Type.Object({
  today: Type.String({ format: 'date', description: 'the store’s own day of now' }),
  items: Type.Array(SalesDay),
  next: Type.Null(),
});
export type SalesDays = Static<typeof SalesDays>;
