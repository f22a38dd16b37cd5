/**
 * What Postgres says, whatever its language setting is not: messages of a server that speaks English, which Citus asks for between machines.
 * Those that somebody here asks for by their SQLSTATE.
 */
const CODES: readonly (readonly [says: RegExp, code: string])[] = [
  [/^canceling statement due to lock timeout/, '55P03'],
  [/^canceling statement due to statement timeout/, '57014'],
  [/^deadlock detected/, '40P01'],
  [/^no partition of relation .* found for row/, '23514'],
  [/^duplicate key value violates unique constraint/, '23505'],
  [/^could not (?:extend|write to) file .*: No space left on device/, '53100'],
  // A part was divided after this statement was planned.
  [/^could not find valid entry for shard /, '40001'],
  // Nobody knows whether it was committed until it is asked again.
  [/^failed to prepare transaction /, '08007'],
];

/** SQLSTATE of an error that has none of its own. */
const INTERNAL_ERROR = 'XX000';

/**
 * Gives an error of a cluster the SQLSTATE that it had on its machine: rows that are written to several machines travel by COPY, and of what
 * a machine says to that the coordinator passes on the words alone.
 */
export function restoreCode(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== INTERNAL_ERROR) return error;
  const [, code] = CODES.find(([says]) => says.test(error.message)) ?? [];
  if (code) error.code = code;
  return error;
}
