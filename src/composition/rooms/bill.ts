import {
  billRoutes,
  couponRoutes,
  createChangeBill,
  createMoveTables,
  createTableActions,
  guestBillRoutes,
  moveRoutes,
  visitRoutes,
} from '../../bill/index.ts';
import { BOUNDS } from '../../config.ts';
import { changeTicketTable, noteMoved, queueReceipt } from '../../kitchen/index.ts';
import { changeTable, readOrders } from '../../order/index.ts';
import { inItsTurn } from '../../platform/concurrency/keyed-semaphore.ts';
import { lockStores } from '../../store/index.ts';
import type { House } from '../house.ts';
import { movedMessages, slipMessages } from '../order-jobs.ts';
import type { Ordering } from '../ordering.ts';

export function billRoom(house: House, { visits }: Pick<Ordering, 'visits'>): void {
  const { http, db, stores, jobs, notifications, tableKeys, nameOf, isStaff, live, streams, clientOf, now } = house;
  const { announcer } = jobs;
  const reads = { stores, readOrders, visits };
  const inTurn = house.semaphore(BOUNDS.storeTurns.bills);
  const tables = createTableActions({ db: db.staff, lockStores, announcer, now });
  const moves = createMoveTables({
    db: db.staff,
    lockStores,
    announcer,
    async ordersMoved(tx, storeId, orderIds, moved) {
      await changeTable(tx, storeId, orderIds, moved.to);
      await changeTicketTable(tx, storeId, orderIds, moved.to);
      const slips = slipMessages(await noteMoved(tx, storeId, orderIds, moved, now()));
      await announcer.announce(tx, [...movedMessages(storeId, orderIds, moved.to), ...slips]);
    },
    now,
  });
  billRoutes(http, {
    ...reads,
    db: db.staff,
    actorOf: house.actorOf,
    change: inItsTurn(inTurn, createChangeBill({ db: db.staff, lockStores, enter: jobs.enter })),
    tables: { open: inItsTurn(inTurn, tables.open), allow: inItsTurn(inTurn, tables.allow) },
    printReceipt: ({ storeId, id, station }, receipt) =>
      db.staff.transaction(async (tx) => {
        const isNew = await queueReceipt(tx, { storeId, id, station }, receipt, now());
        await notifications.announcer.announce(tx, [{ kind: 'slips', storeId, stations: [station] }]);
        return isNew;
      }),
    live,
    streams,
    now,
    keyOf: house.keyOf,
  });
  moveRoutes(http, {
    ...reads,
    db: db.staff,
    nameOf,
    moves: {
      move: inItsTurn(inTurn, moves.move),
      merge: inItsTurn(inTurn, moves.merge),
      split: inItsTurn(inTurn, moves.split),
    },
  });
  couponRoutes(http, { db: db.staff, stores, now, keyOf: house.keyOf });
  guestBillRoutes(http, { ...reads, db: db.status, tokens: house.orderTokens, tableKeys, isStaff, live, streams });
  visitRoutes(http, {
    db: db.status,
    stores,
    tableKeys,
    visits,
    clientOf: (request) => clientOf(request.raw),
    bounds: BOUNDS.visitCodes,
    now,
  });
}
