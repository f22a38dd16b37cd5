import Type, { type Static } from 'typebox';
import {
  LINES_MAX,
  NOTE_LENGTH_MAX,
  OPTIONS_PER_LINE_MAX,
  QUANTITY_MAX,
  TABLE_KEY_LENGTH_MAX,
  TABLE_LENGTH_MAX,
} from './bounds.ts';
import { Id, INT4_MAX, Money, Name, Time } from './common.ts';

export const OrderStatus = Type.Union([
  Type.Literal('placed'),
  Type.Literal('cooking'),
  Type.Literal('ready'),
  Type.Literal('served'),
  Type.Literal('cancelled'),
]);
export type OrderStatus = Static<typeof OrderStatus>;

/** An order's whole address. */
export interface OrderRef {
  readonly storeId: string;
  readonly id: string;
}

export const OrderLineRequest = Type.Object(
  {
    itemId: Id,
    quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }),
    optionIds: Type.Optional(Type.Array(Id, { maxItems: OPTIONS_PER_LINE_MAX, uniqueItems: true })),
    note: Type.Optional(Type.String({ maxLength: NOTE_LENGTH_MAX })),
  },
  { additionalProperties: false },
);

export const OrderRequest = Type.Object(
  {
    table: Type.Optional(
      Type.Union([
        Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX }),
        Type.Integer({ minimum: 1, maximum: 9999 }),
      ]),
    ),
    tableKey: Type.Optional(
      Type.String({
        maxLength: TABLE_KEY_LENGTH_MAX,
        description: "what stands behind `k=` in the table's printed link",
      }),
    ),
    visit: Type.Optional(
      Type.String({
        maxLength: TABLE_KEY_LENGTH_MAX,
        description: "the key of the table's visit, where the store asks for it",
      }),
    ),
    lines: Type.Array(OrderLineRequest, { minItems: 1, maxItems: LINES_MAX }),
    expectedTotal: Type.Optional(Type.Integer({ minimum: 0, maximum: INT4_MAX })),
  },
  { additionalProperties: false },
);
export type OrderRequest = Static<typeof OrderRequest>;

export const CancelReason = Type.Union(
  [
    Type.Literal('sold-out'),
    Type.Literal('too-busy'),
    Type.Literal('closing'),
    Type.Literal('duplicate'),
    Type.Literal('asked'),
    Type.Literal('shop'),
    Type.Literal('unpaid'),
    Type.Literal('unseen'),
  ],
  {
    description:
      'why the shop cancelled it: an ingredient is gone, the kitchen cannot keep up, it closes, the order was there twice, the guest asked for it, reasons of its own, nobody paid it in time where the kitchen waits for that, or nobody of the shop has had to do with its table while limited dishes were kept for it',
  },
);
export type CancelReason = Static<typeof CancelReason>;

/** Staff take portions of a line off an order. */
export const LineChangeRequest = Type.Object(
  {
    from: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX, description: 'how many there are, as far as is known' }),
    quantity: Type.Integer({ minimum: 0, maximum: QUANTITY_MAX, description: 'how many there are to be: fewer' }),
    reason: Type.Exclude(CancelReason, Type.Union([Type.Literal('unpaid'), Type.Literal('unseen')])),
    returnPortions: Type.Optional(
      Type.Boolean({ description: 'whether they can be sold again; unsaid, those that nobody has begun can' }),
    ),
  },
  { additionalProperties: false },
);
export type LineChangeRequest = Static<typeof LineChangeRequest>;

const LineMaking = Type.Object(
  {
    optionIds: Type.Array(Id, { maxItems: OPTIONS_PER_LINE_MAX, uniqueItems: true }),
    note: Type.Optional(Type.String({ maxLength: NOTE_LENGTH_MAX })),
  },
  { additionalProperties: false },
);

/** Staff change how all portions of a line are made. */
export const LineMakingRequest = Type.Object(
  {
    from: Type.Object(LineMaking.properties, {
      additionalProperties: false,
      description: 'how it is made as far as is known',
    }),
    to: LineMaking,
  },
  { additionalProperties: false },
);
export type LineMakingRequest = Static<typeof LineMakingRequest>;

export const OrderLineView = Type.Object({
  itemId: Id,
  name: Name,
  quantity: Type.Integer({ description: '0: staff took all of it off' }),
  unitPrice: Money,
  options: Type.Array(Type.Object({ id: Id, name: Name, price: Money })),
  note: Type.Optional(Type.String()),
  total: Money,
});
export type OrderLineView = Static<typeof OrderLineView>;

export const OrderView = Type.Object({
  id: Id,
  storeId: Id,
  number: Type.Integer({ minimum: 1, description: 'what people call out; counts per store and day' }),
  table: Type.Union([Type.String(), Type.Null()]),
  status: OrderStatus,
  total: Money,
  currency: Type.String(),
  lines: Type.Array(OrderLineView),
  placedAt: Time,
  promisedAt: Time,
  cancelReason: Type.Optional(CancelReason),
  token: Type.Optional(Type.String({ description: 'the guest token of this order; only in the answer to POST' })),
});
export type OrderView = Static<typeof OrderView>;

/** One status event of an order; `seq` is the SSE id and counts from 1 per order without gaps. */
export const OrderEvent = Type.Object({
  orderId: Id,
  seq: Type.Integer({ minimum: 1 }),
  status: OrderStatus,
  at: Time,
  promisedAt: Time,
  portionsReturned: Type.Optional(
    Type.Boolean({ description: 'of a cancel: whether its portions can be sold again, or were waste' }),
  ),
  reason: Type.Optional(CancelReason),
});
export type OrderEvent = Static<typeof OrderEvent>;
