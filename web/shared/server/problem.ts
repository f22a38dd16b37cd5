import type { ProblemBody, ProblemType } from '../../../src/contract/errors.ts';

/** Any answer that is not the one hoped for; `network` and `timeout` are those where no answer came at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly type: ProblemType | 'network' | 'timeout';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** What the server said, with its extension members; empty when it said nothing readable. */
  readonly body: Partial<ProblemBody>;
  /** From `Retry-After`; undefined when the server named no time. */
  readonly retryAfterMs: number | undefined;

  constructor(
    type: ProblemType | 'network' | 'timeout',
    status = 0,
    body: Partial<ProblemBody> = {},
    retryAfterMs?: number,
  ) {
    super(body.detail ?? body.title ?? type);
    this.type = type;
    this.status = status;
    this.body = body;
    this.retryAfterMs = retryAfterMs;
  }

  /**
   * True when the very same request may be sent again by itself. A paused store (409) is left to the guest: nobody
   * wants dinner ordered an hour later by a phone in a pocket.
   */
  get retryable(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Reads `Retry-After` (seconds or a date). @returns milliseconds, or undefined when it is absent or unreadable */
export function parseRetryAfterMs(header: string | null, nowMs = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Makes a problem of an answer's body, whatever sent it: a proxy in between may answer 502 in HTML. */
export function problemOf(status: number, text: string, retryAfter: string | null): ApiProblem {
  let body: Partial<ProblemBody> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed && typeof parsed === 'object') body = parsed as Partial<ProblemBody>;
  } catch {
    // Not JSON: the status alone decides.
  }
  const type = typeof body.type === 'string' ? body.type : status >= 500 ? 'unavailable' : 'invalid';
  return new ApiProblem(type, status, body, parseRetryAfterMs(retryAfter));
}
