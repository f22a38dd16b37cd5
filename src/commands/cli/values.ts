import { InvalidArgumentError } from 'commander';
import { BOUNDS } from '../../config.ts';
import type { NodeAddress } from '../../platform/db/citus/nodes.ts';

// What may stand behind an option. Each throws InvalidArgumentError with what is allowed, which commander shows.

// Values as they were typed behind an option. @throws InvalidArgumentError with what is allowed

export function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('A positive number is needed.');
  return number;
}

/** Parted by commas. */
export function positives(value: string): number[] {
  return value.split(',').map(positive);
}

export function language(value: string): 'ko' | 'en' {
  if (value !== 'ko' && value !== 'en') throw new InvalidArgumentError('Allowed are ko and en.');
  return value;
}

export function httpAddress(value: string): string {
  const url = URL.parse(value);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InvalidArgumentError('An address that begins with http:// or https:// is needed.');
  }
  return value;
}

/** A name or an address, and a port where it is not Postgres' own. */
export function nodeAddress(value: string): NodeAddress {
  const url = URL.parse(`postgres://${value}`);
  if (!url?.hostname || url.username || url.search || !['', '/'].includes(url.pathname)) {
    throw new InvalidArgumentError('A machine is needed, such as 10.0.0.12:5432.');
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 5432) };
}

export function shardParts(value: string): number {
  const parts = wholeNumber(value);
  const { partsMax } = BOUNDS.shards;
  if (parts < 1 || parts > partsMax) throw new InvalidArgumentError(`From 1 to ${partsMax} parts are allowed.`);
  return parts;
}

export function paperColumns(value: string): number {
  const columns = wholeNumber(value);
  if (columns < 24 || columns > 96) throw new InvalidArgumentError('From 24 to 96 characters fit on a slip.');
  return columns;
}

export function timeZone(value: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('A time zone is needed, such as Asia/Seoul or UTC.');
  }
}

export function wholeNumber(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(value);
}

/** A value that is not allowed is how the command was used. */
export function asUsage(error: unknown): never {
  if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
  throw error;
}
