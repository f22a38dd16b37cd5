import {
  boardRoutes,
  createAdvanceTicket,
  createNextSlip,
  createSetPacing,
  createTickLine,
  kitchenRoutes,
  pacingRoutes,
  printingRoutes,
} from '../../kitchen/index.ts';
import { lockOrder, setOrderStatus } from '../../order/index.ts';
import { lockStores } from '../../store/index.ts';
import type { House } from '../house.ts';

export function kitchenRoom({ http, db, stores, jobs, notifications, live, streams, now }: House): void {
  const { announcer } = jobs;
  const advanceTicket = createAdvanceTicket(
    db.staff,
    {
      async lock(tx, ref) {
        const order = await lockOrder(tx, ref);
        return (
          order && {
            status: order.status,
            promisedAtMs: Date.parse(order.promisedAt),
            moveTo: (status, atMs) => setOrderStatus(tx, order, status, atMs, announcer),
          }
        );
      },
    },
    announcer,
    now,
  );
  const tickLine = createTickLine(db.staff, announcer);
  kitchenRoutes(http, { db: db.staff, stores, advanceTicket, tickLine, live, streams });
  pacingRoutes(http, { db: db.staff, stores, setPacing: createSetPacing(db.staff, lockStores) });
  const nextSlip = createNextSlip(db.staff, notifications.slipSignal, now);
  printingRoutes(http, { db: db.staff, stores, nextSlip, now });
  boardRoutes(http, { stores, boardCache: notifications.boardCache, live, streams });
}
