import { BOUNDS } from '../../config.ts';
import { isPrinted } from '../../kitchen/index.ts';
import {
  createCancelOrder,
  createChangeLine,
  createLinedIntake,
  createPlaceOrder,
  createSoldOutGate,
  createTakeOff,
  orderRoutes,
} from '../../order/index.ts';
import { inItsTurn } from '../../platform/concurrency/keyed-semaphore.ts';
import { writeStoreLog } from '../../staff/index.ts';
import { lockStores } from '../../store/index.ts';
import type { House } from '../house.ts';
import type { Ordering } from '../ordering.ts';

export function orderRoom(house: House, { intake, line, catalogues, acknowledged, isTicketLate }: Ordering): void {
  const { parts, http, db, stores, jobs, notifications, metrics, limitedClientOf, now } = house;
  const { orderJobs, announcer } = jobs;
  // Whoever changes a store waits for its turn here and not with a connection.
  const cancelInTurn = house.semaphore(BOUNDS.storeTurns.cancels);
  const cancel = createCancelOrder({ db: db.orders, lockStores, orderJobs, announcer, isBegun: isPrinted, now });
  const takeOff = createTakeOff({ db: db.staff, lockStores, announcer, jobs: jobs.takeOff, now });
  const changeLine = createChangeLine({ db: db.staff, lockStores, announcer, catalogues, jobs: jobs.takeOff, now });
  orderRoutes(http, {
    db: { status: db.status },
    stores,
    line,
    placeOrder: createPlaceOrder({
      db: db.orders,
      intake: createLinedIntake(intake, line, isTicketLate, metrics.intake.refused),
      acknowledged,
      soldOut: createSoldOutGate(notifications.soldOut, parts.soldOutCrowd ?? BOUNDS.soldOut),
      now,
      bounds: {
        ...BOUNDS.replays,
        ...(parts.waits && { lookUpWithinMs: parts.waits.lookUpWithinMs }),
      },
      observer: metrics.intake,
    }),
    cancelOrder: inItsTurn(cancelInTurn, cancel),
    noteCancel: (tx, { storeId, number, table, total: amount, cancelReason: reason }, by) => {
      const details = { number, amount, ...(table !== null && { table }), ...(reason && { reason }) };
      return writeStoreLog(tx, storeId, [{ what: 'order-cancelled', by, details }], now());
    },
    takeOff: inItsTurn(cancelInTurn, takeOff),
    changeLine: inItsTurn(cancelInTurn, changeLine),
    actorOf: house.actorOf,
    tokens: house.orderTokens,
    clientOf: limitedClientOf && ((request) => limitedClientOf(request.raw)),
    isStaff: house.isStaff,
    snapshots: notifications.snapshots,
    live: house.live,
    streams: house.streams,
    keyOf: house.keyOf,
  });
}
