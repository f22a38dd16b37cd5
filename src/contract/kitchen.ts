import Type, { type Static } from 'typebox';
import { Id, INT4_MAX, Name, Page, Time } from './common.ts';
import { DishAttributes } from './menu.ts';
import { OrderStatus } from './order.ts';

export const TicketLine = Type.Object({
  itemId: Id,
  name: Name,
  quantity: Type.Integer({ description: '0: staff took all of it off the order' }),
  was: Type.Optional(Type.Integer({ description: 'how many there were, where staff took some off' })),
  options: Type.Array(Name),
  attributes: Type.Optional(DishAttributes),
  note: Type.Optional(Type.String()),
  before: Type.Optional(
    Type.Object(
      { options: Type.Array(Name), note: Type.Optional(Type.String()) },
      { description: 'how it was to be made when it was ordered, where staff have changed that' },
    ),
  ),
});
export type TicketLine = Static<typeof TicketLine>;

/** One order's work for one station. `version` grows by one with each change. */
export const Ticket = Type.Object({
  id: Type.String({ description: '<order>:<station>' }),
  orderId: Id,
  number: Type.Integer(),
  table: Type.Union([Type.String(), Type.Null()]),
  movedFrom: Type.Optional(
    Type.String({ description: 'where its guests sat when they ordered, if they sit elsewhere now' }),
  ),
  round: Type.Integer({
    minimum: 1,
    description: '1 for the first order of a table’s visit, then 2, 3 … 99; anew after two hours without an order',
  }),
  station: Type.String(),
  status: OrderStatus,
  version: Type.Integer({ minimum: 1 }),
  placedAt: Time,
  promisedAt: Type.Optional(Time),
  changedAt: Time,
  lines: Type.Array(TicketLine),
  doneLines: Type.Array(Type.Integer({ minimum: 0 }), {
    description: 'the places in `lines`, from 0, of those that are ticked off as done',
  }),
});
export type Ticket = Static<typeof Ticket>;

export const TicketPage = Page(Ticket);

/** Any step between these may be taken, forward or back: a step back is an undo. */
export const AdvanceRequest = Type.Object(
  {
    to: Type.Union([Type.Literal('placed'), Type.Literal('cooking'), Type.Literal('ready'), Type.Literal('served')]),
    version: Type.Integer({ minimum: 1, maximum: INT4_MAX }),
  },
  { additionalProperties: false },
);
export type AdvanceRequest = Static<typeof AdvanceRequest>;

/** A line is ticked off, or that is taken back; the same again changes nothing. */
export const TickRequest = Type.Object({ done: Type.Boolean() }, { additionalProperties: false });
export type TickRequest = Static<typeof TickRequest>;

/** As many served tickets as a kitchen can call back: those that went out in the last hours, the latest first. */
export const SERVED_MAX = 20;
