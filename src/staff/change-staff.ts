import type { DeviceRequest, Grant, NewDevice, StaffChange, StaffRequest, StaffView } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { isUuid, newId } from '../platform/id.ts';
import { addStaff } from './add-staff.ts';
import type { Passwords } from './password.ts';
import { writePin } from './pin-queries.ts';
import {
  deleteSessions,
  findGrant,
  insertSession,
  type KeptGrant,
  readStaff,
  writeLog,
  writeRoles,
} from './queries.ts';
import { DEVICE_KEY, hashToken, newToken } from './sessions.ts';

/** Who works here and what their sessions are. `by` is whoever does it, for the log. Each ended session is told to `ended`. */
export function createChangeStaff(db: Db, passwords: Passwords, ended: (tokenHash: string) => void, now: Clock) {
  async function keptGrants(grants: readonly Grant[]): Promise<KeptGrant[]> {
    const kept: KeptGrant[] = [];
    // A query in a loop: fifty at most, of an owner who adds somebody.
    for (const [index, grant] of grants.entries()) {
      if (grant.brand !== undefined && grant.store !== undefined) {
        throw invalidField(`roles[${index}]`, 'is of a store and of a brand', 'one of the two');
      }
      const found = await findGrant(db, grant);
      const field = `roles[${index}].${grant.store === undefined ? 'brand' : 'store'}`;
      if (!found) throw invalidField(field, 'is unknown', 'the slug of one that there is');
      kept.push(found);
    }
    return kept;
  }

  return {
    list: () => readStaff(db),

    /** @throws Problem `invalid` naming the field, also for a login that is taken */
    async add({ login, name, password, roles }: StaffRequest, by: string): Promise<StaffView> {
      const [grants, passwordHash] = [await keptGrants(roles), await passwords.hash(password)];
      const id = newId(now());
      await db.transaction(async (tx) => {
        await addStaff(tx, { id, login, name, passwordHash }, grants);
        await writeLog(tx, 'staff added', by, login, now());
      });
      return (await readStaff(db, id))[0]!;
    },

    /** @throws Problem `not-found`, `invalid` */
    async change(id: string, { name, password, roles }: StaffChange, by: string): Promise<StaffView> {
      const before = isUuid(id.toLowerCase()) ? (await readStaff(db, id))[0] : undefined;
      if (!before) throw nobody();
      const grants = roles && (await keptGrants(roles));
      const passwordHash = password === undefined ? null : await passwords.hash(password);
      const over = await db.transaction(async (tx) => {
        const { rowCount } = await tx.query(
          `UPDATE staff SET name = coalesce($2, name), password_hash = coalesce($3, password_hash),
             failures = CASE WHEN $3 IS NULL THEN failures ELSE 0 END,
             locked_until = CASE WHEN $3 IS NULL THEN locked_until END WHERE id = $1`,
          [id, name?.trim() ?? null, passwordHash],
          'change-staff',
        );
        if (rowCount === 0) throw nobody();
        if (grants) await writeRoles(tx, id, grants);
        await writeLog(tx, 'staff changed', by, before.login, now());
        // Whoever knew the one may know the other.
        if (passwordHash) await writePin(tx, id, null);
        return grants || passwordHash ? deleteSessions(tx, { staffId: id }) : [];
      });
      over.forEach(ended);
      return (await readStaff(db, id))[0]!;
    },

    /** @throws Problem `not-found` */
    async remove(id: string, by: string): Promise<void> {
      if (!isUuid(id.toLowerCase())) throw nobody();
      const over = await db.transaction(async (tx) => {
        const sessions = await deleteSessions(tx, { staffId: id });
        const { rows } = await tx.query<{ login: string }>(
          'DELETE FROM staff WHERE id = $1 RETURNING login',
          [id],
          'remove-staff',
        );
        if (!rows[0]) throw nobody();
        await writeLog(tx, 'staff removed', by, rows[0].login, now());
        return sessions;
      });
      over.forEach(ended);
    },

    /** Signs a tablet or a print agent in until it is revoked. Its key is told here and never again. */
    async addDevice(storeId: string, { name, role }: DeviceRequest, by: string): Promise<NewDevice> {
      const key = DEVICE_KEY + newToken();
      const id = newId(now());
      await db.transaction(async (tx) => {
        await insertSession(tx, id, hashToken(key), { storeId, name: name.trim(), role });
        await writeLog(tx, 'device added', by, name.trim(), now());
      });
      return { id, name: name.trim(), role, createdAt: new Date(now()).toISOString(), key };
    },

    /** @throws Problem `not-found` */
    async removeDevice(storeId: string, id: string, by: string): Promise<void> {
      const over = isUuid(id.toLowerCase())
        ? await db.transaction(async (tx) => {
            const found = [
              ...(await deleteSessions(tx, { deviceId: id, storeId })),
              ...(await deleteSessions(tx, { id, storeId })),
            ];
            if (found.length > 0) await writeLog(tx, 'device revoked', by, id, now());
            return found;
          })
        : [];
      if (over.length === 0) throw new Problem('not-found', { detail: 'There is no such device at this store.' });
      over.forEach(ended);
    },

    async signOut(sessionId: string): Promise<void> {
      (await deleteSessions(db, { id: sessionId })).forEach(ended);
    },
  };
}

const nobody = (): Problem => new Problem('not-found', { detail: 'Nobody of this id works here.' });
