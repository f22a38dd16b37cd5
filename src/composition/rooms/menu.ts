import { BOUNDS } from '../../config.ts';
import {
  createChangeItem,
  createMakePhoto,
  createPushTo,
  menuFileRoutes,
  menuPushRoutes,
  menuRoutes,
  photoRoutes,
} from '../../menu/index.ts';
import { createKeyedSemaphore, type InTurn, inItsTurn } from '../../platform/keyed-semaphore.ts';
import { writeLog } from '../../staff/index.ts';
import { lockStores } from '../../store/index.ts';
import type { House } from '../house.ts';

/** @param changeInTurn shared with the store's settings: both change what is the store's */
export function menuRoom(house: House, changeInTurn: InTurn): void {
  const { http, db, stores, menuCache, access, nameOf, jobs, notifications, now } = house;
  const changeItem = createChangeItem(db.staff, lockStores, jobs.announcer, now);
  const changed = (storeId: string): void => menuCache.invalidate(storeId);
  menuRoutes(http, { stores, menuCache, access, changeItem: inItsTurn(changeInTurn, changeItem) });
  menuFileRoutes(http, {
    db: db.staff,
    stores,
    changed,
    inTurn: createKeyedSemaphore(BOUNDS.storeTurns.menuFiles),
    now,
  });
  menuPushRoutes(http, {
    db: db.staff,
    stores,
    access,
    pushTo: createPushTo({ db: db.staff, lockStores, announcer: notifications.announcer, log: writeLog, now }),
    inTurn: changeInTurn,
    changed,
    nameOf,
  });
  photoRoutes(http, {
    db: { public: db.public, staff: db.staff },
    stores,
    makePhoto: createMakePhoto(BOUNDS.photos),
    bounds: BOUNDS.photos,
  });
}
