import { type FieldProblem, PROBLEMS, type ProblemBody, type ProblemType } from '../../contract/index.ts';

interface ProblemOptions {
  readonly detail?: string;
  readonly fields?: readonly FieldProblem[];
  /** Members beside the standard ones, for example the new total of a changed price. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Seconds; sent as `Retry-After`. */
  readonly retryAfterS?: number;
  readonly cause?: unknown;
}

/** A refusal that the client is told about. Thrown anywhere, answered in one place. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly type: ProblemType;
  readonly retryAfterS: number | undefined;
  readonly #options: ProblemOptions;

  constructor(type: ProblemType, options: ProblemOptions = {}) {
    super(options.detail ?? PROBLEMS[type].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = type;
    this.retryAfterS = options.retryAfterS;
    this.#options = options;
  }

  get status(): number {
    return PROBLEMS[this.type].status;
  }

  /** The same refusal with further members. */
  with(extra: Readonly<Record<string, unknown>>): Problem {
    return new Problem(this.type, { ...this.#options, extra: { ...this.#options.extra, ...extra } });
  }

  toBody(): ProblemBody {
    const { detail, fields, extra } = this.#options;
    return {
      type: this.type,
      title: PROBLEMS[this.type].title,
      status: this.status,
      ...(detail !== undefined && { detail }),
      ...(fields && { fields }),
      ...extra,
    };
  }
}

/** The common case of `invalid`: one field, what is wrong with it, what is allowed. */
export const invalidField = (field: string, problem: string, allowed?: string): Problem =>
  new Problem('invalid', {
    detail: `${field}: ${problem}`,
    fields: [{ field, problem, ...(allowed !== undefined && { allowed }) }],
  });
