import Type from 'typebox';
import { isUuid } from '../../id.ts';
import type { Problem } from '../problem.ts';

// What many routes have alike in their addresses and heads.

export const StoreParams = Type.Object({ store: Type.String() });

/** For EventSource, which sets no header, and for links. */
export const TokenQuery = Type.Object({ token: Type.Optional(Type.String()) });

/** Checked by `checkIdempotencyKey`, whose words say what is wrong with one. */
export const IdempotencyKey = Type.Optional(Type.String({ description: 'UUIDv7; required' }));
export const KeyHeader = Type.Object({ 'idempotency-key': IdempotencyKey });

/** An id as it stands in an address. @throws what `missing` makes: what is no id looks like one that nobody has */
export function idIn(text: string, missing: () => Problem): string {
  const id = text.toLowerCase();
  if (!isUuid(id)) throw missing();
  return id;
}
