import type { PinPeople } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

/** @param pinHash null: the person has no PIN any more */
export async function writePin(tx: Queryable, staffId: string, pinHash: string | null): Promise<void> {
  if (pinHash === null) {
    await tx.query('DELETE FROM staff_pin WHERE staff_id = $1', [staffId], 'drop-pin');
    return;
  }
  await tx.query(
    'INSERT INTO staff_pin (staff_id, pin_hash) VALUES ($1, $2) ON CONFLICT (staff_id) DO UPDATE SET pin_hash = $2',
    [staffId, pinHash],
    'write-pin',
  );
}

const OF_STORE = `EXISTS (SELECT FROM staff_role r WHERE r.staff_id = p.id AND (
  r.store_id = $1 OR r.brand_id = (SELECT brand_id FROM store WHERE id = $1) OR (r.store_id IS NULL AND r.brand_id IS NULL)))`;

/** Who may take over a tablet of a store. */
export async function readPinPeople(db: Queryable, storeId: string): Promise<PinPeople['items']> {
  const { rows } = await db.query<{ id: string; name: string }>(
    `SELECT p.id, p.name FROM staff p JOIN staff_pin n ON n.staff_id = p.id WHERE ${OF_STORE} ORDER BY p.name, p.id`,
    [storeId],
    'read-pin-people',
  );
  return rows;
}

export interface PinHolder {
  readonly login: string;
  readonly name: string;
  readonly pinHash: string;
  readonly failures: number;
  readonly lockedForMs: number;
}

/** Locked until the transaction ends, so that tries of the same person at the same tablet are counted one after another. */
export async function lockPinHolder(
  tx: Queryable,
  storeId: string,
  deviceId: string,
  staffId: string,
): Promise<PinHolder | undefined> {
  const { rows } = await tx.query<PinHolder>(
    `SELECT p.login, p.name, n.pin_hash AS "pinHash", 0 AS failures, 0 AS "lockedForMs"
     FROM staff p JOIN staff_pin n ON n.staff_id = p.id WHERE p.id = $2 AND ${OF_STORE}`,
    [storeId, staffId],
    'find-pin-holder',
  );
  if (!rows[0]) return undefined;
  await tx.query(
    `INSERT INTO pin_try AS t (device_id, staff_id) VALUES ($1, $2)
     ON CONFLICT (device_id, staff_id) DO UPDATE SET failures = t.failures`,
    [deviceId, staffId],
    'lock-pin-tries',
  );
  const tried = await tx.query<Pick<PinHolder, 'failures' | 'lockedForMs'>>(
    `SELECT failures, greatest(0, coalesce(extract(epoch FROM locked_until - now()), 0) * 1000)::float8 AS "lockedForMs"
     FROM pin_try WHERE device_id = $1 AND staff_id = $2`,
    [deviceId, staffId],
    'read-pin-tries',
  );
  return { ...rows[0], ...tried.rows[0]! };
}

/** Of one person at one tablet. `lockS` 0: not locked. */
export async function notePinTry(
  tx: Queryable,
  of: { readonly deviceId: string; readonly staffId: string; readonly failures: number; readonly lockS: number },
): Promise<void> {
  await tx.query(
    `UPDATE pin_try SET failures = $3, locked_until = now() + nullif($4::float8, 0) * interval '1 second'
     WHERE device_id = $1 AND staff_id = $2`,
    [of.deviceId, of.staffId, of.failures, of.lockS],
    'note-pin-try',
  );
}

/** Somebody touched the tablet. @returns false when their time was over */
export async function extendSession(db: Queryable, id: string, idleS: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE staff_session SET expires_at = now() + $2 * interval '1 second'
     WHERE id = $1 AND device_id IS NOT NULL AND expires_at > now()`,
    [id, idleS],
    'extend-session',
  );
  return rowCount === 1;
}
