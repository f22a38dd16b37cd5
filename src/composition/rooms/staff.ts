import type { FastifyRequest } from 'fastify';
import { BOUNDS } from '../../config.ts';
import {
  createChangeStaff,
  createInvitations,
  createPasswords,
  createPins,
  createSignIn,
  invitationRoutes,
  pinRoutes,
  staffRoutes,
  storeLogRoutes,
} from '../../staff/index.ts';
import type { House } from '../house.ts';

export function staffRoom(house: House): void {
  const { http, db, stores, access, sessions, tickets, isSecure, clientOf, address, now } = house;
  const passwords = createPasswords(house.semaphore(BOUNDS.signIn.turns));
  const clientTurns = house.semaphore(BOUNDS.signIn.clientTurns);
  // One address never takes the others' turns.
  const inClientsTurn = <T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> =>
    clientTurns(clientOf(request.raw), work);
  const signIn = createSignIn(db.staff, passwords, BOUNDS.signIn, now);
  staffRoutes(http, {
    db: db.staff,
    stores,
    access,
    sessions,
    tickets,
    signIn: (request, ...of) => inClientsTurn(request, () => signIn(...of)),
    staff: createChangeStaff(db.staff, passwords, sessions.changed, now),
    isSecure,
  });
  storeLogRoutes(http, { db: db.staff, stores });
  invitationRoutes(http, {
    stores,
    access,
    sessions,
    invitations: createInvitations({ db: db.staff, passwords, bounds: BOUNDS.invitations, now }),
    inClientsTurn,
    isSecure,
    base: address.base,
  });
  const pins = createPins({ db: db.staff, passwords, bounds: BOUNDS.pin, now, changed: sessions.changed });
  pinRoutes(http, { db: db.staff, stores, sessions, pins });
}
