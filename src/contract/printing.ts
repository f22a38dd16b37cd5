import Type, { type Static } from 'typebox';
import { BillView } from './bill.ts';
import { Id, Name, Time } from './common.ts';
import { TicketLine } from './kitchen.ts';

/** What one station's printer prints of one order. */
export const PrintSlip = Type.Object({
  id: Type.String({
    description: '<order>:<station>, with `:void` behind it for a void slip; acknowledged under this id',
  }),
  kind: Type.Optional(
    Type.Union(
      [
        Type.Literal('order'),
        Type.Literal('void'),
        Type.Literal('receipt'),
        Type.Literal('moved'),
        Type.Literal('changed'),
      ],
      {
        description:
          '`void`: the order was cancelled after its slip was handed out. `receipt`: it has no lines but a receipt. `moved`: guests whose slips were handed out sit at another table. `changed`: of a dish on a slip that was handed out there are fewer, or it is made otherwise. Neither has lines, as nothing is to be cooked. Unset is `order`.',
      },
    ),
  ),
  orderId: Id,
  number: Type.Integer(),
  table: Type.Union([Type.String(), Type.Null()]),
  round: Type.Integer({ minimum: 1 }),
  station: Type.String(),
  placedAt: Time,
  copy: Type.Integer({ minimum: 1, description: '1 the first time it is handed out; more after a missing "done"' }),
  lines: Type.Array(TicketLine),
  receipt: Type.Optional(BillView),
  moved: Type.Optional(
    Type.Object(
      { from: Type.String(), numbers: Type.Array(Type.Integer()) },
      { description: 'where they sat, and the orders that are carried to `table` now' },
    ),
  ),
  changed: Type.Optional(
    Type.Object(
      {
        name: Name,
        options: Type.Array(Name),
        note: Type.Optional(Type.String()),
        from: Type.Integer(),
        to: Type.Integer(),
        before: Type.Optional(TicketLine.properties.before),
      },
      {
        description:
          'how many there were, and how many are to be made; 0 is none. With `before` there are as many as there were, and made so no longer',
      },
    ),
  ),
});
export type PrintSlip = Static<typeof PrintSlip>;
