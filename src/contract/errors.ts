/**
 * The closed list of problems a client can meet (RFC 9457). The slug is the `type` member and never changes;
 * the docs page `docs/errors.md` is held equal to this list by a test.
 */
export interface ProblemKind {
  /** HTTP status. */
  readonly status: number;
  /** One short sentence, the same for every occurrence. */
  readonly title: string;
  /** True when the same request may succeed later without change. */
  readonly retryable: boolean;
  /** True when an operator should be woken by a rising rate of it. */
  readonly alert: boolean;
}

export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not valid JSON.', retryable: false, alert: false },
  'malformed-request': { status: 400, title: 'This is no valid HTTP request.', retryable: false, alert: false },
  'signature-refused': {
    status: 400,
    title: 'This was not signed by the payment provider just now.',
    retryable: false,
    alert: true,
  },
  unauthorized: { status: 401, title: 'A valid key or token is needed.', retryable: false, alert: false },
  forbidden: { status: 403, title: 'The key or token does not allow this.', retryable: false, alert: false },
  'visit-code': { status: 403, title: 'The code of the visit is needed.', retryable: false, alert: false },
  'not-found': { status: 404, title: 'There is no such thing here.', retryable: false, alert: false },
  'request-timeout': { status: 408, title: 'The request took too long to arrive.', retryable: true, alert: false },
  'key-reused': { status: 409, title: 'This key was used for something else.', retryable: false, alert: false },
  'sold-out': { status: 409, title: 'Something ordered is sold out.', retryable: false, alert: false },
  'not-served': { status: 409, title: 'Something ordered is not served now.', retryable: false, alert: false },
  'price-changed': { status: 409, title: 'The price has changed.', retryable: false, alert: false },
  'store-closed': { status: 409, title: 'The store takes no orders now.', retryable: true, alert: false },
  stale: { status: 409, title: 'It has changed since you looked.', retryable: false, alert: false },
  'waitlist-closed': { status: 409, title: 'The waiting line takes nobody now.', retryable: true, alert: false },
  'no-steps-left': { status: 409, title: 'The party cannot step back any more.', retryable: false, alert: false },
  'not-cancellable': { status: 409, title: 'The order can no longer be cancelled.', retryable: false, alert: false },
  'more-than-due': { status: 409, title: 'That is more than is left to pay.', retryable: false, alert: false },
  'payment-underway': { status: 409, title: 'Somebody is paying this just now.', retryable: true, alert: false },
  'more-than-paid': { status: 409, title: 'That is more than can be paid back.', retryable: false, alert: false },
  'discount-too-large': {
    status: 409,
    title: 'This discount is more than you may give.',
    retryable: false,
    alert: false,
  },
  'coupon-refused': { status: 409, title: 'This coupon cannot be used here.', retryable: false, alert: false },
  'bill-paid': { status: 409, title: 'Something of this bill is paid.', retryable: false, alert: false },
  'table-taken': { status: 409, title: 'There are other guests at this table.', retryable: false, alert: false },
  'bill-closed': { status: 409, title: 'This bill is closed.', retryable: false, alert: false },
  'too-large': { status: 413, title: 'The body is too large.', retryable: false, alert: false },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON.', retryable: false, alert: false },
  'expectation-failed': { status: 417, title: 'This expectation cannot be met.', retryable: false, alert: false },
  invalid: { status: 422, title: 'Some fields are wrong.', retryable: false, alert: false },
  'too-many-requests': { status: 429, title: 'Too many requests.', retryable: true, alert: false },
  'table-limit': { status: 429, title: 'The staff must say yes to more at this table.', retryable: true, alert: false },
  'headers-too-large': { status: 431, title: 'The headers are too large.', retryable: false, alert: false },
  internal: { status: 500, title: 'Something went wrong here.', retryable: true, alert: true },
  busy: { status: 503, title: 'The waiting room is full.', retryable: true, alert: false },
  unavailable: { status: 503, title: 'Matjip cannot answer just now.', retryable: true, alert: true },
} as const satisfies Record<string, ProblemKind>;

export type ProblemType = keyof typeof PROBLEMS;

/** One wrong field: where, what is wrong, and what is allowed. */
export interface FieldProblem {
  /** Path in the request, for example `lines[0].quantity`, or a header's name. */
  readonly field: string;
  readonly problem: string;
  readonly allowed?: string;
}

/** What a client receives as `application/problem+json`. */
export interface ProblemBody {
  readonly type: ProblemType;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly fields?: readonly FieldProblem[];
  readonly [extension: string]: unknown;
}
