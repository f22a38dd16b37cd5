import { timingSafeEqual } from 'node:crypto';
import { Problem } from '../../platform/http/problem.ts';
import { createSigner, type Secret } from '../../platform/secrets/signature.ts';

/** 96 bits, as a table's link has. */
const KEY_BYTES = 12;
/** Said across a table and typed with one thumb; how often one may guess is bounded apart from it. */
const CODE_DIGITS = 4;
/** Of a number that such a code is the rest of. */
const CODE_BYTES = 4;

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

/** A visit that began before a secret was rotated has its code anew, as it follows from the secret; the keys of its phones stay good. */
export function createVisitKeys(secret: Secret): VisitKeys {
  const keys = createSigner(secret, KEY_BYTES);
  const codes = createSigner(secret, CODE_BYTES);
  const codeOf = ({ storeId, id }: Visit): string =>
    String(codes.sign(`visit code ${storeId} ${id}`).readUInt32BE() % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0');
  return {
    codeOf,
    isCode: (visit, code) => same(code, codeOf(visit)),
    keyOf: ({ storeId, id }) => keys.sign(`visit ${storeId} ${id}`).toString('base64url'),
    isKey({ storeId, id }, key) {
      const mac = Buffer.from(key, 'base64url');
      return mac.toString('base64url') === key && keys.isSigned(mac, `visit ${storeId} ${id}`);
    },
  };
}

const VISIT_WORDS = {
  'no-visit': 'The staff open this table first.',
  needed: 'The code of this visit is needed: the people at the table have it.',
  wrong: 'This is not the code of the visit.',
};

/** Who is not part of a table's visit. */
export const visitProblem = (reason: keyof typeof VISIT_WORDS): Problem =>
  new Problem('visit-code', { detail: VISIT_WORDS[reason], extra: { reason } });
