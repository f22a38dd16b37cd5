import { BOUNDS } from '../../config.ts';
import { pacing } from '../../kitchen/index.ts';
import { copyMenu } from '../../menu/index.ts';
import { type InTurn, inItsTurn } from '../../platform/concurrency/keyed-semaphore.ts';
import { writeLog } from '../../staff/index.ts';
import { createSetState, createSetUp, lockStores, settingsRoutes, storeRoutes } from '../../store/index.ts';
import type { House } from '../house.ts';

/** @param changeInTurn shared with the menu: both change what is the store's */
export function storeRoom(house: House, changeInTurn: InTurn): void {
  const { http, db, stores, storeListCache, tableKeys, nameOf, address, keyOf, now } = house;
  const setState = createSetState(db.staff, lockStores, pacing, now);
  storeRoutes(http, { list: storeListCache, stores, setState: inItsTurn(changeInTurn, setState) });
  settingsRoutes(http, {
    stores,
    setUp: createSetUp({ db: db.staff, lockStores, pacing, copyMenu, writeLog, now }),
    tableKeys,
    nameOf,
    base: address.base,
    sheetInTurn: house.semaphore(BOUNDS.sheetTurns),
    keyOf,
  });
}
