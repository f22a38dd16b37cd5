import type { Grant, Role, StaffView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { newId } from '../platform/id.ts';

/** What a grant is kept as. */
export interface KeptGrant {
  readonly role: Role;
  readonly brandId: string | null;
  readonly storeId: string | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly failures: number;
  readonly lockedForMs: number;
}

/** Locked until the transaction ends, so that tries of the same person are counted one after another. */
export async function lockPerson(tx: Queryable, login: string): Promise<Person | undefined> {
  const { rows } = await tx.query<Person>(
    `SELECT id, name, password_hash AS "passwordHash", failures,
       greatest(0, coalesce(extract(epoch FROM locked_until - now()), 0) * 1000)::float8 AS "lockedForMs"
     FROM staff WHERE login = $1 FOR UPDATE`,
    [login],
    'lock-person',
  );
  return rows[0];
}

/** @param failures in a row, with this one @param lockS 0: not locked */
export async function noteTry(tx: Queryable, id: string, failures: number, lockS: number): Promise<void> {
  await tx.query(
    `UPDATE staff SET failures = $2, locked_until = now() + nullif($3::float8, 0) * interval '1 second' WHERE id = $1`,
    [id, failures, lockS],
    'note-try',
  );
}

/** The last tries were right after all. @returns false when the password is another by now */
export async function forgiveTries(tx: Queryable, id: string, passwordHash: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE staff SET failures = 0, locked_until = NULL WHERE id = $1 AND password_hash = $2',
    [id, passwordHash],
    'forgive-tries',
  );
  return rowCount === 1;
}

/** @param of a person with days to live, a device of a store, or a person at a device for as long as it is touched */
export async function insertSession(
  tx: Queryable,
  id: string,
  tokenHash: string,
  of:
    | { readonly staffId: string; readonly days: number }
    | { readonly storeId: string; readonly name: string; readonly role: Role }
    | { readonly staffId: string; readonly storeId: string; readonly deviceId: string; readonly idleS: number },
): Promise<void> {
  const livesS = 'idleS' in of ? of.idleS : 'days' in of ? of.days * 24 * 3_600 : null;
  await tx.query(
    `INSERT INTO staff_session (id, token_hash, staff_id, store_id, device_name, role, device_id, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 second')`,
    [
      id,
      tokenHash,
      'staffId' in of ? of.staffId : null,
      'storeId' in of ? of.storeId : null,
      'name' in of ? of.name : null,
      'role' in of ? of.role : null,
      'deviceId' in of ? of.deviceId : null,
      livesS,
    ],
    'make-session',
  );
}

/** Ends sessions by what they are known by. @returns the hashes of their tokens */
export async function deleteSessions(
  tx: Queryable,
  of:
    | { readonly id: string; readonly storeId?: string }
    | { readonly staffId: string; readonly overOnly?: boolean; readonly atDevices?: boolean }
    | { readonly deviceId: string; readonly storeId: string },
): Promise<string[]> {
  const byId = 'id' in of ? of : undefined;
  const byPerson = 'staffId' in of ? of : undefined;
  const atDevice = 'deviceId' in of ? of : undefined;
  const { rows } = await tx.query<{ token_hash: string }>(
    `DELETE FROM staff_session WHERE ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR store_id = $2)
       AND ($3::uuid IS NULL OR staff_id = $3) AND (NOT $4 OR expires_at < now()) AND ($5::uuid IS NULL OR device_id = $5)
       AND (NOT $6 OR device_id IS NOT NULL)
     RETURNING token_hash`,
    [
      byId?.id ?? null,
      byId?.storeId ?? atDevice?.storeId ?? null,
      byPerson?.staffId ?? null,
      byPerson?.overOnly ?? false,
      atDevice?.deviceId ?? null,
      byPerson?.atDevices ?? false,
    ],
    'end-sessions',
  );
  return rows.map((row) => row.token_hash);
}

/** @returns undefined for a brand or store that there is not */
export async function findGrant(db: Queryable, { role, brand, store }: Grant): Promise<KeptGrant | undefined> {
  const { rows } = await db.query<{ brandId: string | null; storeId: string | null }>(
    `SELECT (SELECT id FROM brand WHERE slug = $1) AS "brandId", (SELECT id FROM store WHERE slug = $2) AS "storeId"`,
    [brand ?? null, store ?? null],
    'find-grant',
  );
  const { brandId, storeId } = rows[0]!;
  if ((brand !== undefined && !brandId) || (store !== undefined && !storeId)) return undefined;
  return { role, brandId, storeId };
}

/** All roles of a person: those of before are gone. */
export async function writeRoles(tx: Queryable, staffId: string, grants: readonly KeptGrant[]): Promise<void> {
  await tx.query('DELETE FROM staff_role WHERE staff_id = $1', [staffId], 'drop-roles');
  await tx.query(
    `INSERT INTO staff_role (staff_id, role, brand_id, store_id)
     SELECT $1, * FROM unnest($2::text[], $3::uuid[], $4::uuid[]) ON CONFLICT DO NOTHING`,
    [
      staffId,
      grants.map(({ role }) => role),
      grants.map(({ brandId }) => brandId),
      grants.map(({ storeId }) => storeId),
    ],
    'write-roles',
  );
}

/** @param id unset: everybody, by login */
export async function readStaff(db: Queryable, id?: string): Promise<StaffView[]> {
  const { rows } = await db.query<StaffView>(
    `SELECT p.id, p.login, p.name, coalesce((
       SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('role', r.role, 'brand', b.slug, 'store', s.slug))
         ORDER BY r.role, b.slug, s.slug)
       FROM staff_role r LEFT JOIN brand b ON b.id = r.brand_id LEFT JOIN store s ON s.id = r.store_id
       WHERE r.staff_id = p.id), '[]') AS roles
     FROM staff p WHERE $1::uuid IS NULL OR p.id = $1 ORDER BY p.login`,
    [id ?? null],
    'read-staff',
  );
  return rows;
}

/** What is written down for ever. */
export async function writeLog(tx: Queryable, what: string, by: string, about: string | null, nowMs: number) {
  await tx.query(
    'INSERT INTO staff_log (id, what, by_whom, about) VALUES ($1, $2, $3, $4)',
    [newId(nowMs), what, by, about],
    'write-staff-log',
  );
}
