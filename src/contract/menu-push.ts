import Type, { type Static } from 'typebox';
import { Id, Name } from './common.ts';

/** Stores of one push: a franchise sends several. Each is a transaction of some milliseconds. */
export const PUSH_STORES_MAX = 200;
/** Dishes of one push: more than any menu's page. */
export const PUSH_DISHES_MAX = 200;

const Field = Type.Union([Type.Literal('price'), Type.Literal('soldOut')]);
export type PushField = Static<typeof Field>;
const Code = Type.String({ maxLength: 60 });
const fields = Type.Array(Field, { minItems: 1, maxItems: 2, uniqueItems: true, description: 'what of the dishes' });
const dishes = Type.Array(Code, {
  minItems: 1,
  maxItems: PUSH_DISHES_MAX,
  description: 'their codes, the same in all stores',
});

/** Which dishes of this store are to be the same in others. */
export const PushLook = Type.Object(
  {
    stores: Type.Array(Type.String({ maxLength: 63, description: 'slug or id' }), {
      minItems: 1,
      maxItems: PUSH_STORES_MAX,
    }),
    dishes,
    fields,
  },
  { additionalProperties: false },
);
export type PushLook = Static<typeof PushLook>;

export const PushChange = Type.Object({
  code: Type.String(),
  name: Name,
  price: Type.Optional(Type.Object({ from: Type.Integer(), to: Type.Integer() })),
  soldOut: Type.Optional(Type.Object({ from: Type.Boolean(), to: Type.Boolean() })),
});

/** What a push would do, or why it would not, store by store. */
export const PushPreview = Type.Object({
  seen: Type.String({ description: 'what this store’s dishes are now; send it along' }),
  items: Type.Array(
    Type.Object({
      store: Type.String({ description: 'as it was named' }),
      id: Type.Optional(Id),
      name: Type.Optional(Name),
      outcome: Type.String({ description: 'change, same, forbidden, not-found or other-currency' }),
      seen: Type.Optional(Type.String({ description: 'what that store’s dishes are now; send it along' })),
      changes: Type.Array(PushChange),
      missing: Type.Array(Type.String(), { description: 'codes that this store does not have' }),
    }),
  ),
  next: Type.Null(),
});
export type PushPreview = Static<typeof PushPreview>;

/** The same as was looked at: what has changed since, in this store or in one of the others, is not overwritten. */
export const PushRequest = Type.Object(
  {
    seen: Type.String({ maxLength: 60 }),
    stores: Type.Array(
      Type.Object(
        { store: Type.String({ maxLength: 63 }), seen: Type.String({ maxLength: 60 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: PUSH_STORES_MAX },
    ),
    dishes,
    fields,
  },
  { additionalProperties: false },
);
export type PushRequest = Static<typeof PushRequest>;

export const PushResult = Type.Object({
  items: Type.Array(
    Type.Object({
      store: Type.String(),
      outcome: Type.String({
        description:
          'changed, same, stale, forbidden, not-found, other-currency, or failed: then nothing changed there',
      }),
      changed: Type.Integer({ description: 'dishes' }),
    }),
  ),
  next: Type.Null(),
});
export type PushResult = Static<typeof PushResult>;
