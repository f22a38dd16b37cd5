import { invalidField } from './problem.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;

/** Reads `?limit=` and `?cursor=` of a list. @throws Problem `invalid` */
export function readPage(query: unknown): { limit: number; after: string | null } {
  const { limit, cursor } = (query ?? {}) as { limit?: string; cursor?: string };
  if (limit !== undefined && !(/^\d+$/.test(limit) && Number(limit) >= 1 && Number(limit) <= LIMIT_MAX)) {
    throw invalidField('limit', 'is not a whole number in range', `1 to ${LIMIT_MAX}`);
  }
  if (cursor !== undefined && (typeof cursor !== 'string' || cursor.length > 200)) {
    throw invalidField('cursor', 'is not a cursor', 'the `next` of an earlier answer');
  }
  return {
    limit: limit === undefined ? LIMIT_DEFAULT : Number(limit),
    after: cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString('utf8'),
  };
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
