import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import { lockAfter, type TryBounds } from './lock-out.ts';
import type { Passwords } from './password.ts';
import { deleteSessions, forgiveTries, insertSession, lockPerson, noteTry, type Person, writeLog } from './queries.ts';
import { hashToken, newToken, SESSION_DAYS } from './sessions.ts';

const wrong = (): Problem => new Problem('unauthorized', { detail: 'The name or the password is wrong.' });

/**
 * Signs somebody in. A wrong name and a wrong password take as long and sound the same. A login whose password was wrong too often is
 * locked for a while that doubles, in every process; whoever is signed in stays so. A try is counted before its password is looked at and
 * forgiven when it was right, so that tries at the same moment are no more than those one after another, and no database connection is
 * held meanwhile.
 * @throws Problem `unauthorized`, `too-many-requests` with when to try again, `busy`
 */
export function createSignIn(db: Db, passwords: Passwords, bounds: TryBounds, now: Clock) {
  const locked = (retryAfterS: number): Problem =>
    new Problem('too-many-requests', {
      detail: 'The password was wrong too often; wait, or ask an owner for a new one.',
      retryAfterS,
    });

  /** @throws Problem `too-many-requests` */
  const countTry = (login: string) =>
    db.transaction(async (tx): Promise<(Person & { lockS: number }) | undefined> => {
      const person = await lockPerson(tx, login);
      if (!person) return undefined;
      if (person.lockedForMs > 0) throw locked(Math.ceil(person.lockedForMs / 1_000));
      const lockS = lockAfter(person.failures + 1, bounds);
      await noteTry(tx, person.id, person.failures + 1, lockS);
      return { ...person, lockS };
    });

  return async (login: string, password: string): Promise<string> => {
    let person: Awaited<ReturnType<typeof countTry>>;
    const isRight = await passwords.isRight(password, async () => {
      person = await countTry(login);
      return person?.passwordHash;
    });
    const found = person;
    if (!found) throw wrong();
    if (!isRight) {
      await writeLog(db, found.lockS > 0 ? 'sign-in locked' : 'sign-in refused', login, null, now());
      throw found.lockS > 0 ? locked(found.lockS) : wrong();
    }
    const token = newToken();
    await db.transaction(async (tx) => {
      // Somebody else's new password meanwhile: then this one is no longer right.
      if (!(await forgiveTries(tx, found.id, found.passwordHash))) throw wrong();
      await deleteSessions(tx, { staffId: found.id, overOnly: true });
      await insertSession(tx, newId(now()), hashToken(token), { staffId: found.id, days: SESSION_DAYS });
      await writeLog(tx, 'signed in', login, null, now());
    });
    return token;
  };
}
