import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** 96 bits, as a table's link has. */
const KEY_BYTES = 12;
/** Said across a table and typed with one thumb; how often one may guess is bounded apart from it. */
const CODE_DIGITS = 4;

/** A table's visit: the row that holds the table, which keeps its id when the guests move or pay together with others. */
export interface Visit {
  readonly storeId: string;
  readonly id: string;
}

/**
 * What proves that somebody is at a table during one visit: a short code that people say to each other, and the key that a phone gets for it
 * and sends with its orders. Both follow from the visit's id, so nothing is kept or looked up, and both end with the visit.
 */
export interface VisitKeys {
  codeOf(visit: Visit): string;
  isCode(visit: Visit, code: string): boolean;
  keyOf(visit: Visit): string;
  isKey(visit: Visit, key: string): boolean;
}

const same = (given: string, right: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

export function createVisitKeys(secret: string): VisitKeys {
  const secretKey = createSecretKey(Buffer.from(secret));
  const digest = (kind: string, { storeId, id }: Visit): Buffer =>
    createHmac('sha256', secretKey).update(`${kind} ${storeId} ${id}`).digest();
  const codeOf = (visit: Visit): string =>
    String(digest('visit code', visit).readUInt32BE() % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0');
  const keyOf = (visit: Visit): string => digest('visit', visit).toString('base64url', 0, KEY_BYTES);
  return {
    codeOf,
    isCode: (visit, code) => same(code, codeOf(visit)),
    keyOf,
    isKey: (visit, key) => same(key, keyOf(visit)),
  };
}
