import Type, { type Static } from 'typebox';
import { TABLE_KEY_LENGTH_MAX, TABLE_LENGTH_MAX } from './bounds.ts';
import { Id, Time } from './common.ts';

/** A guest of a table wants the staff. */
export const TableCallRequest = Type.Object(
  {
    table: Type.String({ minLength: 1, maxLength: TABLE_LENGTH_MAX }),
    tableKey: Type.Optional(Type.String({ maxLength: TABLE_KEY_LENGTH_MAX })),
  },
  { additionalProperties: false },
);

export const CallView = Type.Object({
  id: Id,
  table: Type.String(),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('coming')]),
  calledAt: Time,
});
export type CallView = Static<typeof CallView>;
export const CallList = Type.Object({ items: Type.Array(CallView), next: Type.Null() });
