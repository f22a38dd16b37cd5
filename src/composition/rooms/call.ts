import { callRoutes } from '../../call/index.ts';
import { BOUNDS } from '../../config.ts';
import type { House } from '../house.ts';

export function callRoom({ http, db, stores, tableKeys, notifications, nameOf, keyOf, semaphore, now }: House): void {
  callRoutes(http, {
    db: { calls: db.orders, status: db.status, staff: db.staff },
    inTurn: semaphore(BOUNDS.storeTurns.calls),
    stores,
    tableKeys,
    announcer: notifications.announcer,
    nameOf,
    bounds: BOUNDS.calls,
    now,
    keyOf,
  });
}
