import type { Queryable } from '../platform/db/pool.ts';
import { invalidField } from '../platform/http/problem.ts';
import { type KeptGrant, writeRoles } from './queries.ts';

/** @throws Problem `invalid` for a login that is taken */
export async function addStaff(
  tx: Queryable,
  person: { readonly id: string; readonly login: string; readonly name: string; readonly passwordHash: string },
  grants: readonly KeptGrant[],
): Promise<void> {
  const { rowCount } = await tx.query(
    'INSERT INTO staff (id, login, name, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT (login) DO NOTHING',
    [person.id, person.login, person.name.trim(), person.passwordHash],
    'add-staff',
  );
  if (rowCount === 0) throw invalidField('login', 'is taken', 'a name that nobody else has');
  await writeRoles(tx, person.id, grants);
}
