import Type, { type Static } from 'typebox';
import { PARTY_NAME_LENGTH_MAX, PARTY_SIZE_MAX, STEPS_BACK_MAX } from './bounds.ts';
import { Id, Page, Time } from './common.ts';

/** `no-show`: called, waited for, set aside; one tap brings it back. */
export const PartyState = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('called'),
  Type.Literal('seated'),
  Type.Literal('no-show'),
  Type.Literal('left'),
]);
export type PartyState = Static<typeof PartyState>;

/**
 * `open`: parties join. `walk-in`: tables are free, so nobody need wait. `paused`: nobody joins for now; who waits is still called.
 * `closed`: nobody joins any more.
 */
export const WaitlistState = Type.Union([
  Type.Literal('open'),
  Type.Literal('walk-in'),
  Type.Literal('paused'),
  Type.Literal('closed'),
]);
export type WaitlistState = Static<typeof WaitlistState>;

/** Whole minutes from now, both ends included. */
export const EtaMinutes = Type.Object({ from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 0 }) });
export type EtaMinutes = Static<typeof EtaMinutes>;

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const JoinRequest = Type.Object(
  {
    size: Type.Integer({ minimum: 1, maximum: PARTY_SIZE_MAX }),
    name: Type.Optional(Type.String({ maxLength: PARTY_NAME_LENGTH_MAX })),
  },
  { additionalProperties: false },
);
export type JoinRequest = Static<typeof JoinRequest>;

export const PartyView = Type.Object({
  id: Id,
  storeId: Id,
  number: Type.Integer({ minimum: 1, description: 'what people call out; counts per store and day' }),
  size: Type.Integer({ minimum: 1 }),
  name: OrNull(Type.String()),
  state: PartyState,
  place: OrNull(Type.Integer({ minimum: 1, description: 'from 1 among those who wait; null unless it waits' })),
  ahead: OrNull(Type.Integer({ minimum: 0, description: 'how many wait before it; null unless it waits' })),
  etaMinutes: OrNull(EtaMinutes),
  stepsLeft: Type.Integer({ minimum: 0, maximum: STEPS_BACK_MAX }),
  joinedAt: Time,
  calledAt: OrNull(Time),
  heldUntil: OrNull(
    Type.String({ format: 'date-time', description: 'of a called party: until when it is waited for' }),
  ),
  token: Type.Optional(Type.String({ description: 'the token of this party; only in the answer to POST' })),
});
export type PartyView = Static<typeof PartyView>;

/** Of the staff's list: with the line's own state, so that a page needs one question. */
export const WaitlistPage = Type.Object({
  ...Page(PartyView).properties,
  state: WaitlistState,
  waiting: Type.Integer({ minimum: 0 }),
});
export type WaitlistPage = Static<typeof WaitlistPage>;

/** Without `party` the first who waits is called. No body at all is the same. */
export const CallRequest = Type.Unsafe<{ party?: string } | null>({
  type: ['object', 'null'],
  properties: { party: Id },
  additionalProperties: false,
});

/** `stepsLeft` as the page shows it: a tap whose answer was lost is then refused, and not taken twice. */
export const StepBackRequest = Type.Unsafe<{ stepsLeft?: number } | null>({
  type: ['object', 'null'],
  properties: { stepsLeft: Type.Integer({ minimum: 0, maximum: STEPS_BACK_MAX }) },
  additionalProperties: false,
});

export const StateRequest = Type.Object({ state: WaitlistState }, { additionalProperties: false });

/** What everybody at the door may see: no names. */
export const Door = Type.Object({
  state: WaitlistState,
  waiting: Type.Integer({ minimum: 0 }),
  calls: Type.Array(Type.Object({ number: Type.Integer(), calledAt: Time }), {
    description: 'who is called and waited for, the latest first',
  }),
  eta: Type.Array(
    Type.Object({
      sizeMax: OrNull(Type.Integer({ description: 'parties of up to so many; null: all larger ones' })),
      etaMinutes: OrNull(EtaMinutes),
    }),
    { description: 'what somebody who joins now would be told, by size' },
  ),
});
export type Door = Static<typeof Door>;
