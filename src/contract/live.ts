import Type, { type Static } from 'typebox';
import { Id } from './common.ts';
import { OrderEvent } from './order.ts';

/**
 * What processes tell each other so that open pages follow. Losing one costs a delay, never the truth.
 *
 * Processes of two versions hear each other while one replaces the other, so a kind never changes its meaning: a later version
 * adds fields, which are ignored here, or a kind of its own, which is counted and left alone.
 */
export const LiveMessage = Type.Union([
  Type.Object({
    kind: Type.Literal('order'),
    storeId: Id,
    number: Type.Integer(),
    event: OrderEvent,
    /** It is carried to a table, so nobody is called to the counter for it. */
    atTable: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ kind: Type.Literal('tickets'), storeId: Id, orderIds: Type.Array(Id) }),
  /** Bills whose orders or entries changed, or about which staff are asked. */
  Type.Object({ kind: Type.Literal('bills'), storeId: Id, billIds: Type.Array(Id) }),
  /** Guests of these orders sit at another table. */
  Type.Object({ kind: Type.Literal('moved'), storeId: Id, orderIds: Type.Array(Id), table: Type.String() }),
  /** Staff took portions off these orders. */
  Type.Object({ kind: Type.Literal('changed'), storeId: Id, orderIds: Type.Array(Id) }),
  /** A table calls the staff, or was answered. */
  Type.Object({ kind: Type.Literal('calls'), storeId: Id }),
  Type.Object({ kind: Type.Literal('slips'), storeId: Id, stations: Type.Array(Type.String()) }),
  Type.Object({
    kind: Type.Literal('menu'),
    storeId: Id,
    /** Dishes of which nothing is left, and dishes that may be had again; neither: nobody knows which. */
    gone: Type.Optional(Type.Array(Id)),
    back: Type.Optional(Type.Array(Id)),
  }),
  Type.Object({
    kind: Type.Literal('waitlist'),
    storeId: Id,
    version: Type.Integer({ description: "the line's, after this change" }),
    moves: Type.Union([
      Type.Array(
        Type.Object({
          id: Id,
          size: Type.Integer(),
          position: Type.Union([Type.Integer({ description: 'in the line' }), Type.Null()]),
        }),
      ),
      Type.Null(),
    ]),
  }),
]);
export type LiveMessage = Static<typeof LiveMessage>;
