import Type, { type Static } from 'typebox';
import { Id, Money, Name, Page, Time } from './common.ts';

/** What of a store is written down for ever. */
const STORE_LOG_KINDS = [
  'price-changed',
  'menu-changed',
  'discount',
  'reversal',
  'refund',
  'void',
  'order-cancelled',
  'taken-off',
  'made-otherwise',
  'signed-in',
  'sign-in-refused',
] as const;
export type StoreLogKind = (typeof STORE_LOG_KINDS)[number];

/** Of each kind what there is to say; amounts are integers of the store's minor unit. */
export const StoreLogDetails = Type.Object({
  dish: Type.Optional(Name),
  from: Type.Optional(Type.Integer({ description: 'of a price, or of how many portions' })),
  to: Type.Optional(Type.Integer({ description: 'of a price, or of how many portions' })),
  table: Type.Optional(Type.String()),
  number: Type.Optional(Type.Integer({ description: 'of the order' })),
  amount: Type.Optional(Money),
  reason: Type.Optional(Type.String()),
  rows: Type.Optional(Type.Integer({ description: 'of the menu, that a file changed' })),
});
export type StoreLogDetails = Static<typeof StoreLogDetails>;

export const StoreLogLine = Type.Object({
  id: Id,
  at: Time,
  what: Type.Union(STORE_LOG_KINDS.map((kind) => Type.Literal(kind))),
  by: Type.String({
    description: 'the name of who did it; of a sign-in the login; `key`: whoever had the owner’s key',
  }),
  details: StoreLogDetails,
});
export type StoreLogLine = Static<typeof StoreLogLine>;

export const StoreLog = Page(StoreLogLine);
