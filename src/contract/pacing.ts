import Type, { type Static } from 'typebox';

/** `fixed`: the store's own minutes; `load`: and what lies in front; `learned`: at the rate that was seen. */
export const PacingStrategy = Type.Union([Type.Literal('fixed'), Type.Literal('load'), Type.Literal('learned')]);
export type PacingStrategy = Static<typeof PacingStrategy>;

/** Portions that a station can have open. Nobody's kitchen has ten thousand pans. */
const Capacity = Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.Null()], {
  description: 'portions that it can have open; null is no limit',
});
const Station = Type.String({ minLength: 1, maxLength: 40 });

/** More than the stations of any kitchen. */
export const STATIONS_MAX = 50;

export const PacingRequest = Type.Object(
  {
    strategy: PacingStrategy,
    stations: Type.Array(Type.Object({ station: Station, capacity: Capacity }, { additionalProperties: false }), {
      maxItems: STATIONS_MAX,
    }),
  },
  { additionalProperties: false },
);
export type PacingRequest = Static<typeof PacingRequest>;

export const PacingView = Type.Object({
  strategy: PacingStrategy,
  stations: Type.Array(
    Type.Object({
      station: Type.String(),
      capacity: Capacity,
      open: Type.Integer({ minimum: 0, description: 'portions placed or cooking' }),
      portionsPerMinute: Type.Union([Type.Number(), Type.Null()], {
        description: 'as it has been going lately; null while nothing is known',
      }),
    }),
  ),
});
export type PacingView = Static<typeof PacingView>;
