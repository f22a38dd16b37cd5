import Type, { type Static } from 'typebox';
import { BILL_REASON_LENGTH_MAX } from './bill-rules.ts';
import { LINES_MAX, QUANTITY_MAX, TABLE_KEY_LENGTH_MAX, TABLE_LENGTH_MAX, VISIT_CODE_LENGTH_MAX } from './bounds.ts';
import { Id, INT4_MAX, Money, Name, Page, Time } from './common.ts';
import { OrderStatus } from './order.ts';

/** Text that can be read and stored: not empty, no control characters. */
const TEXT = '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$';
const Reason = Type.String({ minLength: 1, maxLength: BILL_REASON_LENGTH_MAX, pattern: TEXT });
const Amount = Type.Integer({
  minimum: 1,
  maximum: INT4_MAX,
  description: "integer of the currency's minor unit, above zero",
});
const MaybeTime = Type.Union([Time, Type.Null()]);

/** How money came or went: `card` and `cash` at the counter, marked by hand; `online` by a payment provider. */
export const PaymentMethod = Type.Union([Type.Literal('cash'), Type.Literal('card'), Type.Literal('online')]);
export type PaymentMethod = Static<typeof PaymentMethod>;
const CounterMethod = Type.Union([Type.Literal('cash'), Type.Literal('card')]);

/** Some portions of one line of one order on the bill. */
export const BillDish = Type.Object(
  {
    orderId: Id,
    line: Type.Integer({ minimum: 1, maximum: LINES_MAX, description: 'counts from 1 in the order' }),
    quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }),
  },
  { additionalProperties: false },
);
export type BillDish = Static<typeof BillDish>;

/** Either an amount, or dishes whose price the server reckons. */
export const PaymentRequest = Type.Object(
  {
    method: CounterMethod,
    amount: Type.Optional(Amount),
    dishes: Type.Optional(Type.Array(BillDish, { minItems: 1, maxItems: 200 })),
    tendered: Type.Optional(Type.Integer({ minimum: 0, maximum: INT4_MAX, description: 'cash handed over' })),
    approval: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, pattern: TEXT, description: "the card terminal's approval number" }),
    ),
  },
  { additionalProperties: false },
);
export type PaymentRequest = Static<typeof PaymentRequest>;

/** One of `percent`, `amount` and `coupon`; the first two with a reason. */
export const DiscountRequest = Type.Object(
  {
    percent: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    amount: Type.Optional(Amount),
    coupon: Type.Optional(Type.String({ minLength: 1, maxLength: 40, pattern: TEXT })),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false },
);
export type DiscountRequest = Static<typeof DiscountRequest>;

export const RefundRequest = Type.Object(
  {
    payment: Id,
    amount: Amount,
    method: Type.Optional(CounterMethod),
    reason: Reason,
    payAgain: Type.Optional(
      Type.Boolean({
        description: 'true: it is asked for again, as when the wrong card was charged. Unset: it is not',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RefundRequest = Static<typeof RefundRequest>;

/** A discount that was given by mistake is taken back: all of it, as whoever wants another gives that one. */
export const ReversalRequest = Type.Object({ discount: Id, reason: Reason }, { additionalProperties: false });
export type ReversalRequest = Static<typeof ReversalRequest>;

export const VoidRequest = Type.Object({ reason: Reason }, { additionalProperties: false });
export type VoidRequest = Static<typeof VoidRequest>;

/** Which printer; unset: `receipt`. */
export const ReceiptRequest = Type.Object(
  { station: Type.Optional(Type.String({ minLength: 1, maxLength: 40, pattern: TEXT })) },
  { additionalProperties: false },
);

export const OpenBillRequest = Type.Object(
  { table: Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX }) },
  { additionalProperties: false },
);

/** Guests sit at another table. */
export const MoveRequest = Type.Object(
  {
    from: Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX, description: 'where they sit, as far as is known' }),
    to: Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX }),
  },
  { additionalProperties: false },
);

/** A phone joins its table's visit. */
export const VisitRequest = Type.Object(
  {
    table: Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX }),
    tableKey: Type.Optional(Type.String({ maxLength: TABLE_KEY_LENGTH_MAX })),
    code: Type.String({ maxLength: VISIT_CODE_LENGTH_MAX }),
  },
  { additionalProperties: false },
);
export const VisitKey = Type.Object({ table: Type.String(), visit: Type.String() });
export type VisitKey = Static<typeof VisitKey>;

/** Another table, whose guests pay together with these, or no more. */
export const MergeRequest = Type.Object(
  { table: Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX }) },
  { additionalProperties: false },
);

export const BillMove = Type.Object({
  kind: Type.Union([Type.Literal('move'), Type.Literal('merge'), Type.Literal('split')]),
  from: Type.String(),
  to: Type.String(),
  by: Type.String(),
  at: Time,
});
export type BillMove = Static<typeof BillMove>;

export const BillEntry = Type.Object({
  id: Id,
  kind: Type.Union([
    Type.Literal('payment'),
    Type.Literal('discount'),
    Type.Literal('refund'),
    Type.Literal('void', { description: 'what is left is not asked for any more' }),
    Type.Literal('reversal', { description: 'a discount is taken back' }),
  ]),
  amount: Money,
  method: Type.Union([PaymentMethod, Type.Null()]),
  tendered: Type.Union([Money, Type.Null()]),
  change: Type.Union([Money, Type.Null()]),
  waived: Type.Integer({ description: 'of a refund: what is not asked for again' }),
  payment: Type.Union([Id, Type.Null()], { description: 'of a refund: which payment is paid back' }),
  refundable: Type.Integer({ description: 'of a payment: what can still be paid back' }),
  discount: Type.Union([Id, Type.Null()], { description: 'of a reversal: which discount is taken back' }),
  reversible: Type.Boolean({ description: 'of a discount: whether it can be taken back now' }),
  dishes: Type.Union([Type.Array(BillDish), Type.Null()]),
  coupon: Type.Union([Type.String(), Type.Null()]),
  reason: Type.Union([Type.String(), Type.Null()]),
  approval: Type.Union([Type.String(), Type.Null()]),
  by: Type.Union([Type.String(), Type.Null()], { description: 'told to staff' }),
  at: Time,
});
export type BillEntry = Static<typeof BillEntry>;

const sums = {
  total: Type.Integer({ description: 'of its orders that are not cancelled' }),
  discounted: Money,
  waived: Type.Integer({ description: 'what is not asked for: voided, or paid back for good' }),
  paid: Money,
  refunded: Money,
  due: Type.Integer({ description: 'what is left to pay; below zero: what is owed back' }),
};

/** What the bill would be with the order about which staff are asked. */
const Asked = Type.Object({ orders: Type.Integer(), portions: Type.Integer(), unpaid: Type.Integer() });

const summary = {
  id: Id,
  storeId: Id,
  table: Type.Union([Type.String(), Type.Null()], { description: 'null: an order at the counter' }),
  merged: Type.Optional(Type.Array(Type.String(), { description: 'other tables whose orders are on it' })),
  number: Type.Union([Type.Integer(), Type.Null()], { description: "of an order at the counter, the order's" }),
  codes: Type.Optional(
    Type.Array(Type.Object({ table: Type.String(), code: Type.String() }), {
      description: 'what phones join by, table by table, where the store asks for it; for staff, while it is open',
    }),
  ),
  state: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
  openedAt: Time,
  closedAt: MaybeTime,
  version: Type.Integer({ description: 'grows with every change' }),
  currency: Type.String(),
  orderCount: Type.Integer(),
  ...sums,
  asked: Type.Union([Asked, Type.Null()], {
    description: 'what it would be with an order that waits for the staff; null: none waits',
  }),
};
export const BillSummary = Type.Object(summary);
export type BillSummary = Static<typeof BillSummary>;
export const BillPage = Page(BillSummary);

export const BillLine = Type.Object({
  line: Type.Integer(),
  itemId: Id,
  name: Name,
  options: Type.Array(Name),
  quantity: Type.Integer(),
  unitPrice: Money,
  total: Money,
  paid: Type.Integer({ description: 'portions that were paid by dish' }),
});
export type BillLine = Static<typeof BillLine>;

export const BillOrder = Type.Object({
  id: Id,
  table: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  number: Type.Integer(),
  status: OrderStatus,
  placedAt: Time,
  total: Money,
  lines: Type.Array(BillLine),
});
export type BillOrder = Static<typeof BillOrder>;

/** What a receipt must say of whoever sold. */
export const Business = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
    number: Type.String({ minLength: 1, maxLength: 30, description: 'business registration number' }),
    representative: Type.String({ minLength: 1, maxLength: 60 }),
    address: Type.Optional(Type.String({ maxLength: 120 })),
    phone: Type.Optional(Type.String({ maxLength: 30 })),
    vatPercent: Type.Integer({ minimum: 0, maximum: 30, description: 'included in the prices' }),
  },
  { additionalProperties: false },
);
export type Business = Static<typeof Business>;

export const BillView = Type.Object({
  ...summary,
  orders: Type.Array(BillOrder),
  entries: Type.Array(BillEntry),
  moves: Type.Optional(Type.Array(BillMove, { description: 'who moved, merged and took apart its tables; for staff' })),
  business: Type.Union([Business, Type.Null()]),
  tableKey: Type.Optional(
    Type.String({ description: 'of the table at which this guest sits, for its next order; where tables are signed' }),
  ),
  vat: Type.Integer({ description: 'the value added tax in what was charged, by the rate of `business`' }),
});
export type BillView = Static<typeof BillView>;

export const CouponRequest = Type.Object(
  {
    code: Type.String({ minLength: 3, maxLength: 40 }),
    percent: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    amount: Type.Optional(Amount),
    usesMax: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    validFrom: Type.Optional(Time),
    validTo: Time,
  },
  { additionalProperties: false },
);
export type CouponRequest = Static<typeof CouponRequest>;

export const CouponView = Type.Object({
  id: Id,
  code: Type.String(),
  percent: Type.Union([Type.Integer(), Type.Null()]),
  amount: Type.Union([Money, Type.Null()]),
  usesMax: Type.Integer(),
  uses: Type.Integer(),
  validFrom: Time,
  validTo: Time,
  endedAt: MaybeTime,
});
export type CouponView = Static<typeof CouponView>;
export const CouponList = Type.Object({ items: Type.Array(CouponView), next: Type.Null() });

/** What was taken on a business day; discounts and voids are no money. */
export const TillView = Type.Object({
  day: Type.String({ format: 'date' }),
  currency: Type.String(),
  methods: Type.Array(
    Type.Object({
      method: PaymentMethod,
      payments: Type.Integer(),
      paid: Money,
      refunds: Type.Integer(),
      refunded: Money,
    }),
  ),
  taken: Type.Integer({ description: 'paid less refunded' }),
  discounted: Type.Integer({
    description: 'given less taken back; below zero where more of days before was taken back',
  }),
  waived: Money,
  unsettled: Type.Object(
    { bills: Type.Integer(), due: Type.Integer() },
    {
      description:
        'now, whichever day is asked for: bills that are not settled, and orders at the counter of the last twelve hours',
    },
  ),
});
export type TillView = Static<typeof TillView>;
