/** The price list that people edit (`deploy/prices.yml`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { parse } from 'yaml';
import { PlanError } from './plan-error.ts';

const Positive = Type.Number({ exclusiveMinimum: 0 });
const Price = Type.Number({ minimum: 0 });

export const Machine = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    cores: Type.Integer({ minimum: 1 }),
    memoryGiB: Positive,
    dollarsPerHour: Positive,
  },
  { additionalProperties: false },
);
export type Machine = Static<typeof Machine>;

export const Prices = Type.Object(
  {
    name: Type.Object({ ko: Type.String(), en: Type.String() }),
    /** The day on which they were looked up. */
    asOf: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    wonPerDollar: Positive,
    hoursPerMonth: Type.Number({ minimum: 1, maximum: 744 }),
    machines: Type.Array(Machine, { minItems: 1, maxItems: 200 }),
    loadBalancerDollarsPerHour: Price,
    storageDollarsPerGiBMonth: Price,
    assume: Type.Object(
      {
        /** Share of the measured rate that stays free. */
        headroom: Type.Number({ minimum: 0, maximum: 0.9 }),
        averageOfPeak: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
        ordersShare: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
        databaseShare: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
        databaseGiB: Price,
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type Prices = Static<typeof Prices>;

export const PRICES_FILE = join(import.meta.dirname, '../../deploy/prices.yml');

/** @throws PlanError that names the field and what is allowed */
export function readPrices(file: string): Prices {
  let value: unknown;
  try {
    // Dates stay text, as they are written.
    value = parse(readFileSync(file, 'utf8'), { schema: 'core' });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const [why] = (error as Error).message.split('\n');
    throw new PlanError(`${file}: ${missing ? 'no such file' : why}`);
  }
  if (Value.Check(Prices, value)) return value;
  throw new PlanError(`${file}: ${firstFault(Prices, value)}`);
}

/** The field and what is wrong with it. */
export function firstFault(schema: Type.TSchema, value: unknown): string {
  const [first] = Value.Errors(schema, value);
  const field = first?.instancePath.slice(1).replaceAll('/', '.');
  const why = first?.message === 'schema is false' ? 'is not known there' : (first?.message ?? 'has another shape');
  return `${field || 'the file'} ${why}`;
}
