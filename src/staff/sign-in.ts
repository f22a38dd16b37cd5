import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import type { InTurn } from '../platform/turns.ts';
import { isPassword } from './password.ts';
import { deleteSessions, insertSession, lockPerson, noteTry, writeLog } from './queries.ts';
import { hashToken, newToken, SESSION_DAYS } from './sessions.ts';

export interface SignInBounds {
  /** Wrong passwords in a row after which nobody's is looked at for a while. */
  readonly failuresMax: number;
  /** Of the first such while; each further failure doubles it. */
  readonly lockFirstS: number;
  readonly lockMaxS: number;
}

const wrong = (): Problem => new Problem('unauthorized', { detail: 'The name or the password is wrong.' });

/**
 * Signs somebody in. A wrong name and a wrong password take as long and sound the same. A login whose password was wrong too often is
 * locked for a while that doubles, in every process; whoever is signed in stays so.
 * @param inTurn how many passwords are looked at at once: each takes 19 MiB and a core
 * @throws Problem `unauthorized`, `too-many-requests` with when to try again, `busy`
 */
export function createSignIn(db: Db, inTurn: InTurn, bounds: SignInBounds, now: Clock) {
  return (login: string, password: string): Promise<string> =>
    inTurn('sign-in', async () => {
      const outcome = await db.transaction(async (tx) => {
        const person = await lockPerson(tx, login);
        if (person && person.lockedForMs > 0) return { lockedS: Math.ceil(person.lockedForMs / 1_000) };
        const isRight = await isPassword(password, person?.passwordHash);
        if (!person) return {};
        if (!isRight) {
          const failures = person.failures + 1;
          const over = failures - bounds.failuresMax;
          const lockS = over < 0 ? 0 : Math.min(bounds.lockMaxS, bounds.lockFirstS * 2 ** over);
          await noteTry(tx, person.id, failures, lockS);
          await writeLog(tx, lockS > 0 ? 'sign-in locked' : 'sign-in refused', login, null, now());
          return lockS > 0 ? { lockedS: lockS } : {};
        }
        const token = newToken();
        await deleteSessions(tx, { staffId: person.id, overOnly: true });
        await insertSession(tx, newId(now()), hashToken(token), { staffId: person.id, days: SESSION_DAYS });
        await noteTry(tx, person.id, 0, 0);
        await writeLog(tx, 'signed in', login, null, now());
        return { token };
      });
      if (outcome.token) return outcome.token;
      if (outcome.lockedS) {
        throw new Problem('too-many-requests', {
          detail: 'The password was wrong too often; wait, or ask an owner for a new one.',
          retryAfterS: outcome.lockedS,
        });
      }
      throw wrong();
    });
}
