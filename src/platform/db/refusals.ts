/** What Postgres says in its SQLSTATE when it lives and yet cannot do what it is asked. */
const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

/** No partition for a row: the only violated check that names no constraint. */
export const isMissingPartition = (error: unknown): boolean =>
  codeOf(error) === '23514' && !(error as { constraint?: string }).constraint;

/** A statement after the one that failed, in the same transaction: it says nothing about why. */
export const isAftermath = (error: unknown): boolean => codeOf(error) === '25P02';

/** Why the database can write for nobody, in words; undefined for every other error. */
export function whyItCannotWrite(error: unknown): string | undefined {
  return {
    '53100': 'its disk is full',
    '58030': 'its disk does not answer as it should',
    '25006': 'it is read-only',
    '53200': 'it is out of memory',
  }[codeOf(error)];
}
