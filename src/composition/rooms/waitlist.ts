import { BOUNDS } from '../../config.ts';
import { inItsTurn } from '../../platform/concurrency/keyed-semaphore.ts';
import { createGuestTokens } from '../../platform/http/access/guest-tokens.ts';
import {
  createFollowParties,
  createJoinLine,
  createMoveParty,
  createReadDoor,
  createRecentPaces,
  createSetLineState,
  createSharedParties,
  createViewParties,
  doorRoutes,
  hallRoutes,
  waitlistRoutes,
} from '../../waitlist/index.ts';
import type { House } from '../house.ts';

/** Waiting, apart from ordering: a line has a lock of its own. */
export function waitlistRoom({
  parts,
  http,
  db,
  stores,
  notifications,
  isStaff,
  live,
  streams,
  keyOf,
  semaphore,
  now,
}: House): void {
  const { announcer, places } = notifications;
  const guestMoveInTurn = semaphore(BOUNDS.storeTurns.guestMoves);
  const hallMoveInTurn = semaphore(BOUNDS.storeTurns.hallMoves);
  const read = createSharedParties(db.status);
  const pacesOf = createRecentPaces(db.status, now);
  const view = createViewParties(places, pacesOf);
  waitlistRoutes(http, {
    stores,
    tokens: createGuestTokens(parts.secret, 'party'),
    isStaff,
    join: createJoinLine({ db: db.orders, announcer, now, bounds: BOUNDS.waitlist }),
    move: inItsTurn(guestMoveInTurn, createMoveParty({ db: db.orders, announcer, now })),
    read,
    view,
    follow: createFollowParties({ live, read, view }),
    streams,
    keyOf,
  });
  hallRoutes(http, {
    db: db.staff,
    stores,
    move: inItsTurn(hallMoveInTurn, createMoveParty({ db: db.staff, announcer, now })),
    view,
    setState: createSetLineState(db.staff, announcer),
    now,
  });
  doorRoutes(http, { stores, readDoor: createReadDoor({ db: db.public, places, pacesOf, live }), live, streams });
}
