import Type, { type Static } from 'typebox';
import { Business } from './bill.ts';
import { TABLE_LENGTH_MAX } from './bounds.ts';
import { INT4_MAX, Name } from './common.ts';
import { STATIONS_MAX } from './pacing.ts';
import { STATION_NAME_LENGTH_MAX } from './station-names.ts';
import { StoreView } from './store.ts';

/** One line on a phone and on a receipt. */
export const STORE_NAME_LENGTH_MAX = 60;
/** The largest food hall; more is a mistyped number. */
export const TABLES_MAX = 500;
/** Breakfast, lunch and dinner of each day. */
export const HOURS_MAX = 21;
/** Two years of Mondays and holidays. */
export const DAYS_OFF_MAX = 200;

/** Languages that the pages speak. */
export const StoreLanguage = Type.Union([Type.Literal('ko'), Type.Literal('en')]);
export type StoreLanguage = Static<typeof StoreLanguage>;

/** From when until when orders are taken on a day of the week; a `to` that is not later than `from` is of the next day. */
export const OpeningHours = Type.Object(
  {
    day: Type.Integer({ minimum: 1, maximum: 7, description: '1 is Monday, 7 is Sunday' }),
    from: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }),
    to: Type.String({ pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' }),
  },
  { additionalProperties: false },
);
export type OpeningHours = Static<typeof OpeningHours>;

/** `open`: whoever names a table orders for it; `signed`: only with the key in its printed link. */
export const TableAccess = Type.Union([Type.Literal('open'), Type.Literal('signed')]);
export type TableAccess = Static<typeof TableAccess>;

/** What a table may have open until the staff say yes to more. */
export const TableLimits = Type.Object(
  {
    orders: Type.Integer({ minimum: 1, maximum: 10_000 }),
    portions: Type.Integer({ minimum: 1, maximum: 100_000 }),
    unpaid: Type.Integer({ minimum: 1, maximum: INT4_MAX, description: "integer of the currency's minor unit" }),
  },
  { additionalProperties: false },
);
export type TableLimits = Static<typeof TableLimits>;

/** In percent of a bill, what each role may give by hand; an owner may give all. */
export const DiscountMax = Type.Object(
  {
    hall: Type.Integer({ minimum: 0, maximum: 100 }),
    manager: Type.Integer({ minimum: 0, maximum: 100 }),
  },
  { additionalProperties: false },
);
export type DiscountMax = Static<typeof DiscountMax>;

const BrandRequest = Type.Object(
  { slug: Type.String({ maxLength: 80 }), name: Type.Optional(Name) },
  { additionalProperties: false },
);

const settings = {
  name: Type.Optional(
    Type.Object(
      {
        ko: Type.String({ maxLength: STORE_NAME_LENGTH_MAX }),
        en: Type.String({ maxLength: STORE_NAME_LENGTH_MAX }),
      },
      { additionalProperties: false },
    ),
  ),
  timeZone: Type.Optional(Type.String({ maxLength: 64, description: 'such as Asia/Seoul' })),
  currency: Type.Optional(Type.String({ maxLength: 3, description: 'ISO 4217, such as KRW' })),
  dayStartsHour: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 12, description: 'the hour at which a business day begins' }),
  ),
  tables: Type.Optional(
    Type.Union(
      [
        Type.Integer({ minimum: 0, maximum: TABLES_MAX }),
        Type.Array(Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX }), { maxItems: TABLES_MAX }),
      ],
      { description: 'how many, then they are called 1, 2, 3 …, or their names; 0 is a counter only' },
    ),
  ),
  hours: Type.Optional(
    Type.Union([Type.Array(OpeningHours, { minItems: 1, maxItems: HOURS_MAX }), Type.Null()], {
      description: 'null: always open',
    }),
  ),
  daysOff: Type.Optional(Type.Array(Type.String({ format: 'date' }), { maxItems: DAYS_OFF_MAX })),
  prepMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 240 })),
  stations: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: STATION_NAME_LENGTH_MAX }), {
      maxItems: STATIONS_MAX,
      description:
        'by name or code, in the order in which the kitchen’s screens have them; those of the menu that are not named follow',
    }),
  ),
  languages: Type.Optional(Type.Array(StoreLanguage, { minItems: 1, maxItems: 2 })),
  tableLinks: Type.Optional(TableAccess),
  visitCode: Type.Optional(
    Type.Boolean({ description: "whether a phone needs the code of the table's visit, which staff open" }),
  ),
  tableLimits: Type.Optional(TableLimits),
  discountMax: Type.Optional(DiscountMax),
  payFirst: Type.Optional(
    Type.Boolean({ description: 'orders at the counter wait for their money before they are cooked' }),
  ),
  business: Type.Optional(Type.Union([Business, Type.Null()])),
};

/** What is left out is as `template` has it, or else as the usual restaurant. */
export const StoreRequest = Type.Object(
  {
    slug: Type.String({
      maxLength: 80,
      description: 'what it is called in addresses; for ever, as QR codes are printed',
    }),
    brand: Type.Optional(BrandRequest),
    template: Type.Optional(Type.String({ maxLength: 80, description: 'another store, whose menu is copied' })),
    ...settings,
  },
  { additionalProperties: false },
);
export type StoreRequest = Static<typeof StoreRequest>;

/** What is left out stays. */
export const StoreChange = Type.Object(settings, { additionalProperties: false });
export type StoreChange = Static<typeof StoreChange>;

export const StoreSettings = Type.Object({
  ...StoreView.properties,
  brand: Type.Object({ slug: Type.String(), name: Name }),
  dayStartsHour: Type.Integer(),
  prepMinutes: Type.Integer(),
  hours: Type.Union([Type.Array(OpeningHours), Type.Null()]),
  daysOff: Type.Array(Type.String()),
  stations: Type.Array(Type.String()),
  languages: Type.Array(StoreLanguage),
  tableLinks: TableAccess,
  visitCode: Type.Boolean(),
  tableLimits: TableLimits,
  discountMax: DiscountMax,
  business: Type.Union([Business, Type.Null()]),
  tableNames: Type.Union([Type.Array(Type.String()), Type.Null()], {
    description: 'null: nobody listed them, and any table is believed',
  }),
});
export type StoreSettings = Static<typeof StoreSettings>;

/** A table whose printed link is to count no more. */
export const RotateRequest = Type.Object(
  { table: Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX }) },
  { additionalProperties: false },
);
export const TableLink = Type.Object({
  table: Type.String(),
  path: Type.String({ description: 'with the key of the table' }),
});
export type TableLink = Static<typeof TableLink>;

/** The addresses that a store's QR codes hold. */
export const TableLinks = Type.Object({
  base: Type.Union([Type.String(), Type.Null()], {
    description: 'what they begin with, such as https://eat.example; null: whatever the reader came by',
  }),
  counter: Type.String({ description: 'of who orders without a table' }),
  tables: Type.Array(TableLink),
});
export type TableLinks = Static<typeof TableLinks>;
