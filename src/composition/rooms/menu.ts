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
import { type InTurn, inItsTurn } from '../../platform/concurrency/keyed-semaphore.ts';
import { writeLog, writeStoreLog } from '../../staff/index.ts';
import { lockStores } from '../../store/index.ts';
import type { House } from '../house.ts';

type PriceNotes = Parameters<typeof createPushTo>[0]['notePrices'];

/** @param changeInTurn shared with the store's settings: both change what is the store's */
export function menuRoom(house: House, changeInTurn: InTurn): void {
  const { http, db, stores, menuCache, access, nameOf, jobs, notifications, now } = house;
  const changeItem = createChangeItem(db.staff, lockStores, jobs.announcer, now);
  const changed = (storeId: string): void => menuCache.invalidate(storeId);
  const notePrices: PriceNotes = (tx, storeId, by, prices) =>
    writeStoreLog(
      tx,
      storeId,
      prices.map((details) => ({ what: 'price-changed' as const, by, details })),
      now(),
    );
  menuRoutes(http, {
    stores,
    menuCache,
    access,
    changeItem: inItsTurn(changeInTurn, changeItem),
    notePriceOf: (request) => (tx, storeId, changed) => notePrices(tx, storeId, nameOf(request), [changed]),
  });
  menuFileRoutes(http, {
    db: db.staff,
    stores,
    changed,
    inTurn: house.semaphore(BOUNDS.storeTurns.menuFiles),
    async noteImport(tx, storeId, { by, prices, rows }) {
      await writeStoreLog(tx, storeId, [{ what: 'menu-changed', by, details: { rows } }], now());
      await notePrices(tx, storeId, by, prices);
    },
    nameOf,
    now,
  });
  menuPushRoutes(http, {
    db: db.staff,
    stores,
    access,
    pushTo: createPushTo({
      db: db.staff,
      lockStores,
      announcer: notifications.announcer,
      log: writeLog,
      notePrices,
      now,
    }),
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
