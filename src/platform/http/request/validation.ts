import ajvCompiler from '@fastify/ajv-compiler';
import type { FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';

/**
 * A body of so few values is told all that is wrong with it. An order of fifty lines with options has some 700; more that is
 * wrong comes from a program, and one fault is enough for it.
 */
const VALUES_MAX = 1_000;

const OPTIONS = { coerceTypes: false, removeAdditional: false, useDefaults: false } as const;

interface Validate {
  (data: unknown): boolean;
  errors?: unknown;
}

/**
 * Checks a request in two passes: the first ends at the first fault, so that it costs no more than reading the body did, and only
 * for a small body the second finds all of them. With all faults in one pass, 128 KiB took 4.8 s: lists that were too long by
 * far were still searched for doubles, each entry with each.
 *
 * A schema is compiled for the first value that it has to check: for all routes at once that held up each start by a quarter second.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<unknown> {
  const compileWith = (allErrors: boolean) => {
    const compile = ajvCompiler()({}, { customOptions: { ...OPTIONS, allErrors } });
    return (route: unknown) => compile(route as never) as unknown as Validate;
  };
  const first = compileWith(false);
  const every = compileWith(true);
  return (route) => {
    let findFirst: Validate | undefined;
    let findEvery: Validate | undefined;
    const validate: Validate = (data) => {
      findFirst ??= first(route);
      if (findFirst(data)) return true;
      validate.errors = findFirst.errors;
      if (!hasMoreValues(data, VALUES_MAX)) {
        findEvery ??= every(route);
        findEvery(data);
        validate.errors = findEvery.errors;
      }
      return false;
    };
    return validate as never;
  };
}

/** Whether a value that did not come over HTTP has this shape. Compiled for the first one. */
export function createCheck<Schema extends TSchema>(schema: Schema): (value: unknown) => value is Static<Schema> {
  let check: Validate | undefined;
  return (value): value is Static<Schema> => {
    check ??= ajvCompiler()({}, { customOptions: OPTIONS })({ schema } as never) as unknown as Validate;
    return check(value);
  };
}

/** Whether there are more values in it than so many; looks at no more of them than that. */
export function hasMoreValues(data: unknown, max: number): boolean {
  let left = max;
  const count = (value: unknown): void => {
    left -= 1;
    if (left < 0 || typeof value !== 'object' || value === null) return;
    for (const name in value) {
      if (left < 0) return;
      count((value as Record<string, unknown>)[name]);
    }
  };
  count(data);
  return left < 0;
}

/**
 * Checks a value that did not come over HTTP, such as a command's, as a body would be.
 * @throws Error with `validation`, which `toProblem` reads
 */
export function checkBody(schema: object, data: unknown): void {
  const validate = createValidatorCompiler()({ schema } as never) as unknown as Validate;
  if (!validate(data)) throw Object.assign(new Error('The value is wrong.'), { validation: validate.errors });
}
