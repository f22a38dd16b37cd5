import { BOUNDS } from '../../config.ts';
import { paymentRoutes, sandboxRoutes } from '../../payment/index.ts';
import { inItsTurn } from '../../platform/concurrency/keyed-semaphore.ts';
import type { House } from '../house.ts';

export function paymentRoom({
  http,
  db,
  stores,
  jobs,
  orderTokens,
  isStaff,
  address,
  keyOf,
  semaphore,
  now,
}: House): void {
  const { payments, sandbox } = jobs;
  const inTurn = semaphore(BOUNDS.payments.turns);
  paymentRoutes(http, {
    db: db.staff,
    stores,
    payments: sandbox && { ...payments, start: inItsTurn(inTurn, payments.start) },
    tokens: orderTokens,
    isStaff,
    base: address.base,
    keyOf,
  });
  if (sandbox) sandboxRoutes(http, { db: db.staff, ...sandbox, now });
}
