import { invalidField } from '../problem.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
const CURSOR_LENGTH_MAX = 200;

/** Text of another request's making could hold what Postgres has no place for, and fail those who ask in the same statement. */
const UNPRINTABLE = /\p{Cc}|\uFFFD/u;

/**
 * Reads `?limit=` and `?cursor=` of a list.
 * @param isPlace whether a list of this kind ever writes this text into a cursor
 * @throws Problem `invalid`
 */
export function readPage(
  query: unknown,
  isPlace: (text: string) => boolean = () => true,
): { limit: number; after: string | null } {
  const { limit, cursor } = (query ?? {}) as { limit?: string; cursor?: string };
  if (limit !== undefined && !(/^\d+$/.test(limit) && Number(limit) >= 1 && Number(limit) <= LIMIT_MAX)) {
    throw invalidField('limit', 'is not a whole number in range', `1 to ${LIMIT_MAX}`);
  }
  const after = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString('utf8') : null;
  // Whatever is no letter of base64url is left out when it is read: '%ZZ' would be the place 'e'.
  const isWritten = after !== null && Buffer.from(after).toString('base64url') === cursor;
  const isWrong = cursor !== undefined && !(isWritten && cursor.length <= CURSOR_LENGTH_MAX);
  if (isWrong || (after !== null && (UNPRINTABLE.test(after) || !isPlace(after)))) {
    throw invalidField('cursor', 'is not a cursor', 'the `next` of an earlier answer');
  }
  return { limit: limit === undefined ? LIMIT_DEFAULT : Number(limit), after };
}

/** Cuts rows that were read one past the limit into a page; `key` names where the next page begins. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  key: (row: T) => string,
): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? Buffer.from(key(last)).toString('base64url') : null };
}
