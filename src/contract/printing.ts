import Type, { type Static } from 'typebox';
import { Id, Time } from './common.ts';
import { TicketLine } from './kitchen.ts';

/** What one station's printer prints of one order. */
export const PrintSlip = Type.Object({
  id: Type.String({
    description: '<order>:<station>, with `:void` behind it for a void slip; acknowledged under this id',
  }),
  kind: Type.Optional(
    Type.Union([Type.Literal('order'), Type.Literal('void')], {
      description: '`void`: the order was cancelled after its slip was handed out. Unset is `order`.',
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
});
export type PrintSlip = Static<typeof PrintSlip>;
