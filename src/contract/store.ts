import Type, { type Static } from 'typebox';
import { REASON_LENGTH_MAX } from './bounds.ts';
import { Id, Name, Page, Time } from './common.ts';

/** `busy` still takes orders, with a longer promise; `paused` takes none. */
export const StoreState = Type.Union([Type.Literal('open'), Type.Literal('busy'), Type.Literal('paused')]);
export type StoreState = Static<typeof StoreState>;

/** What an owner calls a place where dishes are made. */
export const StationName = Type.Object({
  code: Type.String({ description: 'as the menu has it' }),
  name: Type.String({ description: 'as the settings have it' }),
});
export type StationName = Static<typeof StationName>;

export const StoreView = Type.Object({
  id: Id,
  slug: Type.String(),
  name: Name,
  state: StoreState,
  reason: Type.Union([Type.String(), Type.Null()], {
    description:
      'why it is busy or paused: `kitchen-full` when the load of the kitchen says so, else what a person wrote',
  }),
  until: Type.Union([Time, Type.Null()], { description: 'when that is expected to be over; null: nobody said' }),
  promisedMinutes: Type.Integer({ minimum: 0, description: 'minutes from order to ready, as promised now' }),
  promisedRange: Type.Union(
    [Type.Object({ from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 0 }) }), Type.Null()],
    { description: 'minutes between which four orders of five are ready; null where nothing was learned of it' },
  ),
  currency: Type.String(),
  timeZone: Type.String(),
  tables: Type.Integer({ minimum: 0 }),
  payFirst: Type.Optional(
    Type.Boolean({ description: 'orders at the counter are paid before they are cooked; left out: they are not' }),
  ),
  stationNames: Type.Optional(
    Type.Array(StationName, {
      description:
        "the settings' `stations`, in their order; left out: they name none, and the menu says which there are",
    }),
  ),
});
export type StoreView = Static<typeof StoreView>;

/** `until` counts by the server's clock; without it a person has to say when it is over. */
export const StoreStateRequest = Type.Object(
  {
    state: StoreState,
    reason: Type.Optional(Type.Union([Type.String({ maxLength: REASON_LENGTH_MAX }), Type.Null()])),
    until: Type.Optional(Type.Union([Time, Type.Null()])),
  },
  { additionalProperties: false },
);
export type StoreStateRequest = Static<typeof StoreStateRequest>;

export const StorePage = Page(StoreView);
