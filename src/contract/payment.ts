import Type, { type Static } from 'typebox';
import { Id, INT4_MAX, Money, Time } from './common.ts';

/** `open`: nobody knows yet. A payment that was declined or cancelled has taken no money. */
export const PaymentState = Type.Union([
  Type.Literal('open'),
  Type.Literal('paid'),
  Type.Literal('declined'),
  Type.Literal('cancelled'),
]);
export type PaymentState = Static<typeof PaymentState>;

/** What a guest wants to pay of the bill that their order is on. */
export const PaymentStart = Type.Object(
  {
    amount: Type.Integer({ minimum: 1, maximum: INT4_MAX, description: "integer of the currency's minor unit" }),
    returnPath: Type.Optional(
      Type.String({
        maxLength: 300,
        pattern: '^/s/[^\\\\\\s#]*$',
        description: 'the page that the provider sends the guest back to; unset: the store’s',
      }),
    ),
  },
  { additionalProperties: false },
);
export type PaymentStart = Static<typeof PaymentStart>;

export const PaymentView = Type.Object({
  id: Id,
  orderId: Id,
  state: PaymentState,
  amount: Money,
  currency: Type.String(),
  payUrl: Type.Union([Type.String(), Type.Null()], {
    description: 'the provider’s page; null: nothing is to be paid there (any more)',
  }),
  taken: Type.Union([Money, Type.Null()], {
    description: 'what of it the bill owed when it was paid; the rest goes back by itself',
  }),
  returned: Type.Integer({ description: 'what goes back, or went' }),
  madeAt: Time,
  expiresAt: Time,
});
export type PaymentView = Static<typeof PaymentView>;

/** What can be paid of a bill by phone just now. */
export const PaymentOffer = Type.Object({
  isOpen: Type.Boolean({ description: 'false: this shop takes no payments by phone' }),
  currency: Type.String(),
  due: Type.Integer({ description: 'what the whole bill owes' }),
  payable: Money,
  underway: Type.Integer({ description: 'what others are paying at this moment' }),
  payBy: Type.Union([Time, Type.Null()], {
    description: 'the kitchen waits for this order’s money, and the order is cancelled then; null: it does not wait',
  }),
  items: Type.Array(PaymentView, { description: 'of this order, the newest first' }),
});
export type PaymentOffer = Static<typeof PaymentOffer>;

export const PaymentDifference = Type.Object({
  paymentId: Id,
  what: Type.String({
    description:
      'state, amount, currency, returned: our books and the provider’s; bill: the bill; unknown: the provider took money that we know nothing of; refund-refused: the provider would not pay back',
  }),
  ours: Type.String(),
  theirs: Type.String(),
  foundAt: Time,
  goneAt: Type.Union([Time, Type.Null()], { description: 'when a later comparison did not find it any more' }),
});
export type PaymentDifference = Static<typeof PaymentDifference>;
export const PaymentDifferenceList = Type.Object({ items: Type.Array(PaymentDifference), next: Type.Null() });
