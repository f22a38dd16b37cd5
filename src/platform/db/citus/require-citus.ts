import type { Queryable } from '../pool.ts';

/** Older ones lack functions that are used here, or have faults that the guide names. */
const VERSION_MIN = 13;

/** The database cannot do what `matjip shard` needs: one line that says what is missing and what to do about it. */
export class NoCitusError extends Error {
  override readonly name = 'NoCitusError';
}

/**
 * Makes sure that Citus is there and this account may use it.
 * @param options `make`: create the extension where the server has it and the database does not
 * @returns its version, such as `13.2-1`
 * @throws NoCitusError
 */
export async function requireCitus(db: Queryable, { make }: { readonly make: boolean }): Promise<string> {
  const { rows } = await db.query<{
    available: string | null;
    installed: string | null;
    superuser: boolean;
    database: string;
  }>(
    `SELECT (SELECT default_version FROM pg_available_extensions WHERE name = 'citus') AS available,
       (SELECT extversion FROM pg_extension WHERE extname = 'citus') AS installed,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser, current_database() AS database`,
  );
  const { available, installed, superuser, database } = rows[0]!;
  if (available === null && installed === null) {
    throw new NoCitusError(
      'This Postgres has no Citus. Stores are spread over machines by Citus 13 on Postgres 15 or newer: install it on every machine, ' +
        'add it to shared_preload_libraries, and name its coordinator in DATABASE_URL (docs/guide/citus.md).',
    );
  }
  if (!superuser)
    throw new NoCitusError('The account in DATABASE_URL is no superuser, which Citus asks for to change its machines.');
  if (installed === null && !make) {
    throw new NoCitusError(`The database '${database}' is not distributed yet: \`matjip shard init\` does that.`);
  }
  if (installed === null) {
    await db.query('CREATE EXTENSION citus').catch((error: Error) => {
      throw new NoCitusError(`Citus cannot be used in '${database}': ${error.message}`, { cause: error });
    });
  }
  const version = installed ?? available!;
  if (Number.parseInt(version, 10) < VERSION_MIN) {
    throw new NoCitusError(`Citus ${version} is too old: ${VERSION_MIN} or newer is needed.`);
  }
  return version;
}
