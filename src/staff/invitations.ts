import type {
  InvitationAcceptance,
  InvitationOffer,
  InvitationRequest,
  InvitationView,
  NewInvitation,
  Role,
} from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { isUuid, newId } from '../platform/id.ts';
import { addStaff } from './add-staff.ts';
import {
  deleteInvitation,
  findInvitation,
  insertInvitation,
  listInvitations,
  useInvitation,
} from './invitation-queries.ts';
import type { Passwords } from './password.ts';
import { insertSession, writeLog } from './queries.ts';
import { hashToken, newToken, SESSION_DAYS } from './sessions.ts';

/** Who invites: their name for the log, their id unless it is a key, and their role at the store. */
export interface Inviter {
  readonly name: string;
  readonly staffId: string | null;
  readonly role: Role;
}

export interface InvitationBounds {
  /** Of one store that are open. */
  readonly openMax: number;
  readonly hours: number;
}

const isOver = (): Problem =>
  new Problem('not-found', { detail: 'This invitation was used, revoked, or is over; ask for another one.' });

/**
 * Invitations to work at a store: a link that one person uses once, within days, to choose a login, a name and a password. Its role and store
 * are fixed; nobody invites to a role that is not below their own, except an owner.
 */
export function createInvitations(deps: {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly bounds: InvitationBounds;
  readonly now: Clock;
}) {
  const { db, passwords, bounds, now } = deps;
  return {
    list: (storeId: string): Promise<InvitationView[]> => listInvitations(db, storeId),

    /**
     * @returns with its token, which is told here and never again
     * @throws Problem `invalid` for a role that is not theirs to give, `too-many-requests` when too many are open
     */
    async invite(
      storeId: string,
      asked: InvitationRequest,
      by: Inviter,
    ): Promise<Omit<NewInvitation, 'link'> & { token: string }> {
      const isTheirs = by.role === 'owner' || asked.role === 'hall' || asked.role === 'kitchen';
      if (!isTheirs) throw invalidField('role', 'is not yours to give', 'hall or kitchen');
      const token = newToken();
      const note = asked.note?.trim() || null;
      const id = newId(now());
      return db.transaction(async (tx) => {
        const made = await insertInvitation(tx, {
          id,
          tokenHash: hashToken(token),
          storeId,
          role: asked.role,
          note,
          by,
          ...bounds,
        });
        if (!made) {
          throw new Problem('too-many-requests', {
            detail: `${bounds.openMax} invitations of this store are open: revoke one, or wait until one is used.`,
          });
        }
        await writeLog(tx, 'invited', by.name, `${asked.role} ${note ?? ''}`.trim(), now());
        return { ...made, token };
      });
    },

    /** @throws Problem `not-found` */
    async revoke(storeId: string, id: string, by: string): Promise<void> {
      if (!isUuid(id.toLowerCase())) throw isOver();
      await db.transaction(async (tx) => {
        const gone = await deleteInvitation(tx, storeId, id);
        if (!gone) throw isOver();
        await writeLog(tx, 'invitation revoked', by, `${gone.role} ${gone.note ?? ''}`.trim(), now());
      });
    },

    /** What it invites to. @throws Problem `not-found` */
    async look(token: string): Promise<InvitationOffer> {
      const found = await findInvitation(db, hashToken(token));
      if (!found) throw isOver();
      return found;
    },

    /**
     * Makes the person, and signs them in. A login that is taken uses nothing up.
     * @returns the token of their session
     * @throws Problem `not-found`, `invalid` naming the field, `busy`
     */
    async accept({
      token,
      login,
      name,
      password,
    }: InvitationAcceptance): Promise<InvitationOffer & { session: string }> {
      const tokenHash = hashToken(token);
      // Before anything dear is done for whoever has no invitation.
      const offer = await findInvitation(db, tokenHash);
      if (!offer) throw isOver();
      const passwordHash = await passwords.hash(password);
      const session = newToken();
      const staffId = newId(now());
      await db.transaction(async (tx) => {
        const used = await useInvitation(tx, tokenHash);
        if (!used) throw isOver();
        const grant = { role: used.role, brandId: null, storeId: used.storeId };
        await addStaff(tx, { id: staffId, login, name, passwordHash }, [grant]);
        await insertSession(tx, newId(now()), hashToken(session), { staffId, days: SESSION_DAYS });
        await writeLog(tx, 'invitation accepted', login, `${used.role}, invited by ${used.invitedBy}`, now());
      });
      return { ...offer, session };
    },
  };
}
