import fc from 'fast-check';
import type { Schema } from './operations.ts';

/** What JSON can say. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What fits a name in this scene, such as the id of a dish under `itemId`; the first are the most usual. */
export type Hints = Readonly<Record<string, readonly Json[]>>;

/** Values that a schema allows, with those of the scene where their name has some: most of what is asked must come far to be of use. */
export function valuesOf(schema: Schema, hints: Hints, name = ''): fc.Arbitrary<Json> {
  const known = hints[name];
  const any = anyValue(schema, hints, name);
  return known ? fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any }) : any;
}

function anyValue(schema: Schema, hints: Hints, name: string): fc.Arbitrary<Json> {
  if (schema.const !== undefined) return fc.constant(schema.const as Json);
  if (schema.enum) return fc.constantFrom(...(schema.enum as Json[]));
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => valuesOf(each, hints)));
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 1_000) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, hints, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 2, Math.max(schema.minItems ?? 0, 2)),
      });
    case 'object': {
      const model = Object.entries(schema.properties ?? {}).map(
        ([key, each]) => [key, valuesOf(each, hints, key)] as const,
      );
      const requiredKeys = [...(schema.required ?? [])];
      return fc
        .record(Object.fromEntries(model), { requiredKeys, noNullPrototype: true })
        .map((made) => made as Record<string, Json>);
    }
  }
  return fc.constant('x');
}

function textOf({ pattern, format, minLength = 0, maxLength = 20 }: Schema): fc.Arbitrary<string> {
  const day = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  if (format === 'date') return day.map((date) => date.toISOString().slice(0, 10));
  if (format === 'date-time') return day.map((date) => date.toISOString());
  if (pattern) return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, maxLength));
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 12) });
}

type Path = readonly (string | number)[];

/** Where the values stand that are no lists and no objects, and lists and objects that are empty. */
export function leavesOf(value: Json, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inside = Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return inside.length > 0 ? inside : [at];
}

export const valueAt = (value: Json, path: Path): Json =>
  path.reduce<Json>((inner, key) => (inner as Record<string | number, Json>)[key]!, value);

/** The same with another value at one place. */
export function withValue(value: Json, [key, ...rest]: Path, put: Json): Json {
  if (key === undefined) return put;
  const copy = Array.isArray(value) ? [...value] : { ...(value as Record<string, Json>) };
  (copy as Record<string | number, Json>)[key] = withValue((copy as Record<string | number, Json>)[key]!, rest, put);
  return copy;
}

/** Every object in it, itself among them. */
export function objectsOf(value: Json, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, each]) =>
    objectsOf(each, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? inside : [at, ...inside];
}
