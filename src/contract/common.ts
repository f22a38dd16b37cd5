import Type, { type Static } from 'typebox';

/** A UUID of version 7, lower or upper case: the time of its making is in its first 48 bits. */
export const UUID_V7_PATTERN = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$';

export const Id = Type.String({ pattern: UUID_V7_PATTERN, description: 'UUIDv7' });

/** A name in both languages; English falls back to Korean where it was left empty. */
export const Name = Type.Object({ ko: Type.String(), en: Type.String() });
export type Name = Static<typeof Name>;

/** The largest number of an `integer` column; a larger one in a request is the request's fault and not the database's. */
export const INT4_MAX = 2_147_483_647;

/** An integer of the store's minor unit (KRW has none, so 9000 is 9,000 won). */
export const Money = Type.Integer({ minimum: 0, description: "integer of the currency's minor unit" });

export const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });

/** The answer to every list: `next` is a cursor, or null at the end. */
export const Page = <T extends Type.TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) });
