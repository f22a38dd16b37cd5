import { isMissingPartition } from './refusals.ts';
import { DatabaseSilent } from './silence-breaker.ts';

/** What Postgres and its driver say when it is the database that is away, full or too slow, and not the request that is wrong. */
const DATABASE_AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '25P03',
  '53100',
  '53200',
  '53300',
  '58030',
  '57014',
  '55P03',
  '40P01',
  '40001',
  '25006',
]);

/** True when trying again later, unchanged, may succeed: the database was away or busy. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: string }).code ?? '';
  return (
    DATABASE_AWAY.has(code) ||
    code.startsWith('08') ||
    isMissingPartition(error) ||
    /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client was closed|not queryable|pool after calling end/i.test(
      error.message,
    )
  );
}

/** True when the database, or the machine between, took too long: it is there, and nothing says that anything is set up wrongly. */
export const isTimeOut = (error: unknown): boolean =>
  error instanceof Error && (error instanceof DatabaseSilent || /time-?out/i.test(error.message));

/** Lock not available, deadlock, rows that were given another place meanwhile (on a cluster, as a part is divided), statement timed out. */
const CONTENDED = new Set(['55P03', '40P01', '40001', '57014']);

/** True when another transaction had what this one needed: the same may pass a moment later. */
export const isContended = (error: unknown): boolean => CONTENDED.has((error as { code?: string }).code ?? '');

/** The same as {@link isDatabaseAway} without what another transaction holds: a reason to do the rest without it, and not to wait for the database. */
export const isDatabaseGone = (error: unknown): boolean => isDatabaseAway(error) && !isContended(error);
