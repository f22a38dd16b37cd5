import type { FastifyError } from 'fastify';
import type { FieldProblem } from '../../contract/index.ts';
import { isDatabaseAway } from '../db/away.ts';
import { Problem } from './problem.ts';

/** More wrong fields than this help nobody; a body of ten thousand bad lines must not become a large answer. */
const FIELDS_REPORTED_MAX = 20;

/** `/lines/0/quantity` as people read it: `lines[0].quantity`. */
function fieldPath(instancePath: string, added?: string): string {
  const path = [...instancePath.split('/').slice(1), ...(added === undefined ? [] : [added])]
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`))
    .join('');
  return path.replace(/^\./, '') || 'body';
}

interface Issue {
  readonly keyword: string;
  readonly params: Record<string, unknown>;
  readonly message?: string | undefined;
}

const UUID_V7 = '-7[0-9a-fA-F]{3}-';

/** What would have been right, as far as the schema's keyword says it. */
function allowedBy({ keyword, params }: Issue): string | undefined {
  switch (keyword) {
    case 'type':
      return [params.type].flat().join(' or ');
    case 'minimum':
      return `${params.limit} or more`;
    case 'maximum':
      return `${params.limit} or less`;
    case 'minLength':
      return `at least ${params.limit} characters`;
    case 'maxLength':
      return `at most ${params.limit} characters`;
    case 'minItems':
      return `a list of at least ${params.limit}`;
    case 'maxItems':
      return `a list of at most ${params.limit}`;
    case 'uniqueItems':
      return 'each only once';
    case 'format':
      return params.format === 'date' ? 'a day such as 2026-12-25' : `a ${params.format}`;
    case 'const':
      return JSON.stringify(params.allowedValue);
    case 'pattern':
      return String(params.pattern).includes(UUID_V7) ? 'a UUIDv7' : `text that matches ${params.pattern}`;
  }
  return undefined;
}

function problemIn(issue: Issue): string {
  switch (issue.keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return 'is not known here';
    case 'const':
      return 'is not one of the values allowed';
    case 'pattern':
      return 'has the wrong form';
    case 'minItems':
      return 'has too few';
    case 'maxItems':
      return 'has too many';
    case 'uniqueItems':
      return 'has something twice';
  }
  return issue.message ?? 'is wrong';
}

/** Adds a field; of a choice each refused value comes as an issue of its own, and they belong in one line. */
function addField(fields: FieldProblem[], field: string, problem: string, allowed: string | undefined): void {
  const at = fields.findIndex((known) => known.field === field && known.problem === problem);
  const known = fields[at];
  if (!known) fields.push({ field, problem, ...(allowed !== undefined && { allowed }) });
  else if (allowed !== undefined && known.allowed !== undefined && !known.allowed.split(', ').includes(allowed))
    fields[at] = { ...known, allowed: `${known.allowed}, ${allowed}` };
}

function validationProblem(error: FastifyError): Problem {
  const place = error.validationContext ?? 'body';
  const fields: FieldProblem[] = [];
  for (const issue of error.validation ?? []) {
    const params = issue.params as Record<string, unknown>;
    const missing = issue.keyword === 'required' ? String(params.missingProperty) : undefined;
    const unknown = issue.keyword === 'additionalProperties' ? String(params.additionalProperty) : undefined;
    const path = fieldPath(issue.instancePath, missing ?? unknown);
    // The alternatives have said it already.
    if (issue.keyword === 'anyOf' && fields.length > 0) continue;
    const field = place === 'body' ? path : `${place}.${path}`;
    addField(fields, field, problemIn(issue as Issue), allowedBy(issue as Issue));
    if (fields.length === FIELDS_REPORTED_MAX) break;
  }
  const first = fields[0];
  return new Problem('invalid', { ...(first && { detail: `${first.field} ${first.problem}` }), fields });
}

const bodyField = (problem: string, allowed: string): FieldProblem[] => [{ field: 'body', problem, allowed }];

/** Turns whatever was thrown into what the client is told. Anything unknown is `internal` and keeps its cause for the log. */
export function toProblem(error: unknown, bodyBytesMax: number): Problem {
  if (error instanceof Problem) return error;
  const fastifyError = error as FastifyError;
  if (fastifyError.validation) return validationProblem(fastifyError);
  switch (fastifyError.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('too-large', { fields: bodyField('is too large', `at most ${bodyBytesMax} bytes`) });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', {
        fields: [{ field: 'Content-Type', problem: 'is not supported', allowed: 'application/json' }],
      });
    // An address that cannot be read leads nowhere, as does one that is longer than any name.
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem('not-found', { detail: 'There is nothing at this address.' });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Problem('malformed-json', {
        detail: fastifyError.message,
        fields: bodyField('is not valid JSON', 'JSON in UTF-8'),
      });
  }
  if (error instanceof SyntaxError && fastifyError.statusCode === 400) {
    return new Problem('malformed-json', {
      detail: 'The body could not be parsed.',
      fields: bodyField('is not valid JSON', 'JSON in UTF-8'),
    });
  }
  if (isDatabaseAway(error)) return new Problem('unavailable', { retryAfterS: 2, cause: error });
  // SQLSTATE class 22: a value that no check foresaw and that Postgres cannot hold, such as a NUL in a text.
  if (/^22[0-9A-Z]{3}$/.test(fastifyError.code ?? '')) {
    return new Problem('invalid', {
      detail: 'A value cannot be stored.',
      fields: bodyField('has a value that cannot be stored', 'text without control characters'),
    });
  }
  // SQLSTATE 23503: what this rests on, such as whoever is signed in, was removed between the look at it and the writing.
  if (fastifyError.code === '23503') {
    return new Problem('stale', { detail: 'Something that this needs was removed meanwhile.' });
  }
  // What the server finds wrong with a request as such, whichever field that may be.
  if (fastifyError.statusCode && fastifyError.statusCode >= 400 && fastifyError.statusCode < 500) {
    return new Problem('malformed-request', { detail: fastifyError.message });
  }
  return new Problem('internal', { retryAfterS: 2, cause: error });
}
