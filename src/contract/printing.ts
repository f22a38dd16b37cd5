import Type, { type Static } from 'typebox';
import { BillView } from './bill.ts';
import { Id, Time } from './common.ts';
import { TicketLine } from './kitchen.ts';

/** What one station's printer prints of one order. */
export const PrintSlip = Type.Object({
  id: Type.String({
    description: '<order>:<station>, with `:void` behind it for a void slip; acknowledged under this id',
  }),
  kind: Type.Optional(
    Type.Union([Type.Literal('order'), Type.Literal('void'), Type.Literal('receipt')], {
      description:
        '`void`: the order was cancelled after its slip was handed out. `receipt`: it has no lines but a receipt. Unset is `order`.',
    }),
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
});
export type PrintSlip = Static<typeof PrintSlip>;
