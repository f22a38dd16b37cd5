import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import { lockAfter, type TryBounds } from './lock-out.ts';
import type { Passwords } from './password.ts';
import { extendSession, lockPinHolder, notePinTry, type PinHolder, readPinPeople, writePin } from './pin-queries.ts';
import { deleteSessions, insertSession, writeLog } from './queries.ts';
import { DEVICE_KEY, hashToken, newToken, type Session } from './sessions.ts';

export interface PinBounds extends TryBounds {
  /** Seconds after which a tablet that nobody touches is nobody's again. */
  readonly idleS: number;
}

/** What everybody tries first: one digit again and again, and runs. */
const isGuessed = (pin: string): boolean => {
  const steps = [...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index]));
  return [0, 1, -1].some((step) => steps.every((each) => each === step));
};

const wrong = (): Problem => new Problem('invalid', { fields: [{ field: 'pin', problem: 'is not the right one' }] });

/**
 * PINs: somebody takes over a tablet that is signed in as a device of their store, until the next one does or nobody touches it. A PIN alone
 * opens nothing: no other browser, no other store, and no owner's rights. Wrong ones are counted for the person at the tablet, before they
 * are looked at; too many lock that person at that tablet for a while that doubles.
 */
export function createPins(deps: {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly bounds: PinBounds;
  readonly now: Clock;
  /** Told of each session that ended or changed, by the hash of its token. */
  readonly changed: (tokenHash: string) => void;
}) {
  const { db, passwords, bounds, now, changed } = deps;
  const locked = (retryAfterS: number): Problem =>
    new Problem('too-many-requests', { detail: 'The PIN was wrong too often at this tablet; wait.', retryAfterS });

  const countTry = (storeId: string, deviceId: string, staffId: string) =>
    db.transaction(async (tx): Promise<(PinHolder & { lockS: number }) | undefined> => {
      const holder = await lockPinHolder(tx, storeId, deviceId, staffId);
      if (!holder) return undefined;
      if (holder.lockedForMs > 0) throw locked(Math.ceil(holder.lockedForMs / 1_000));
      const lockS = lockAfter(holder.failures + 1, bounds);
      await notePinTry(tx, { deviceId, staffId, failures: holder.failures + 1, lockS });
      return { ...holder, lockS };
    });

  return {
    people: (storeId: string) => readPinPeople(db, storeId),

    /** @throws Problem `invalid` for what everybody tries first, `busy` */
    async choose(staffId: string, login: string, pin: string | null): Promise<void> {
      if (pin !== null && isGuessed(pin)) throw invalidField('pin', 'is easily guessed', 'digits that are no run');
      const pinHash = pin === null ? null : await passwords.hash(pin);
      const over = await db.transaction(async (tx) => {
        await writePin(tx, staffId, pinHash);
        await writeLog(tx, pin === null ? 'PIN dropped' : 'PIN set', login, null, now());
        return deleteSessions(tx, { staffId, atDevices: true });
      });
      over.forEach(changed);
    },

    /**
     * @param device the tablet, which signed in as such
     * @returns the key of the person at this tablet; whoever was there before is out
     * @throws Problem `invalid` for a wrong PIN, `too-many-requests`, `busy`
     */
    async takeOver(
      device: Session & { readonly storeId: string },
      staffId: string,
      pin: string,
    ): Promise<{ key: string; name: string; idleS: number }> {
      let holder: Awaited<ReturnType<typeof countTry>>;
      const isRight = await passwords.isRight(pin, async () => {
        holder = await countTry(device.storeId, device.id, staffId);
        return holder?.pinHash;
      });
      const found = holder;
      if (!found) throw wrong();
      if (!isRight) {
        await writeLog(db, found.lockS > 0 ? 'PIN locked' : 'PIN refused', found.login, device.name, now());
        throw found.lockS > 0 ? locked(found.lockS) : wrong();
      }
      const key = DEVICE_KEY + newToken();
      const of = { staffId, storeId: device.storeId, deviceId: device.id, idleS: bounds.idleS };
      const over = await db.transaction(async (tx) => {
        await notePinTry(tx, { deviceId: device.id, staffId, failures: 0, lockS: 0 });
        const before = await deleteSessions(tx, { deviceId: device.id, storeId: device.storeId });
        await insertSession(tx, newId(now()), hashToken(key), of);
        await writeLog(tx, 'took over a tablet', found.login, device.name, now());
        return before;
      });
      over.forEach(changed);
      return { key, name: found.name, idleS: bounds.idleS };
    },

    /** Somebody still works at the tablet. @throws Problem `unauthorized` when their time was over */
    async stay(session: Session, tokenHash: string): Promise<void> {
      if (session.deviceId === null) return;
      if (!(await extendSession(db, session.id, bounds.idleS))) {
        throw new Problem('unauthorized', { detail: 'Nobody touched the tablet for a while: take it over again.' });
      }
      changed(tokenHash);
    },
  };
}
