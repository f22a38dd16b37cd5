import type { CancelReason, OrderStatus, OrderView } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Announcer, LockStores, OrderJobs, OrderRef, Store } from './ports.ts';
import { lockOrder, setOrderStatus } from './progress.ts';
import { readOrder } from './read-orders.ts';
import { returnPortions } from './return-portions.ts';

export interface CancelOrderDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly orderJobs: OrderJobs;
  readonly announcer: Announcer;
  /** Whether the kitchen has begun it in a way that its status does not say: on paper. */
  readonly isBegun: (tx: Queryable, order: OrderRef) => Promise<boolean>;
  readonly now: Clock;
}

/** What the shop says beside a cancel. */
export interface CancelWords {
  readonly returnPortions?: boolean | undefined;
  readonly reason?: CancelReason | undefined;
  /** Asked under the store's lock: false leaves the order as it is. */
  readonly only?: (tx: Queryable) => Promise<boolean>;
  /** Told of an order that is cancelled by it, in the same transaction. */
  readonly written?: (tx: Queryable, view: OrderView) => Promise<void>;
}

/** A guest may take back what nobody has begun; the shop may take back what has not been handed over. */
const CANCELLABLE: Record<'guest' | 'staff', ReadonlySet<OrderStatus>> = {
  guest: new Set(['placed']),
  staff: new Set(['placed', 'cooking', 'ready']),
};

/**
 * Cancels an order, once, whatever races it: the store's lock comes first, as for every writer of stock, then the order's.
 * Cancelling what is cancelled answers the same again, and neither returns portions again nor takes them back.
 * @param returns whether its portions can be sold again; unset: what nobody has begun can, what is cooked is waste
 * @param reason told to the guest; of a shop's cancel only
 * @throws Problem `not-found`, `not-cancellable`
 */
export function createCancelOrder({ db, lockStores, orderJobs, announcer, isBegun, now }: CancelOrderDeps) {
  return (
    store: Store,
    id: string,
    by: 'guest' | 'staff',
    { returnPortions: returns, reason, only, written }: CancelWords = {},
  ): Promise<OrderView> =>
    db.transaction(async (tx) => {
      const ref: OrderRef = { storeId: store.id, id };
      await lockStores(tx, [store.id]);
      const order = await lockOrder(tx, ref);
      if (!order) throw new Problem('not-found', { detail: 'There is no such order.' });
      if (order.status !== 'cancelled' && (!only || (await only(tx)))) {
        if (!CANCELLABLE[by].has(order.status)) {
          throw new Problem('not-cancellable', {
            detail: `It is ${order.status} already.`,
            extra: { orderStatus: order.status },
          });
        }
        if (by === 'guest' && (await isBegun(tx, ref))) {
          throw new Problem('not-cancellable', {
            detail: 'The kitchen has it on paper already.',
            extra: { orderStatus: order.status },
          });
        }
        const nowMs = now();
        const portionsReturned = returns ?? order.status === 'placed';
        await setOrderStatus(tx, order, 'cancelled', nowMs, announcer, {
          portionsReturned,
          ...(reason && { reason }),
        });
        const back = portionsReturned ? await returnPortions(tx, ref, order.day) : [];
        await orderJobs.orderCancelled(tx, ref);
        await announcer.announce(tx, [{ kind: 'menu', storeId: store.id, back }]);
      }
      const view = (await readOrder(tx, ref))!;
      if (order.status !== 'cancelled' && view.status === 'cancelled') await written?.(tx, view);
      return view;
    });
}
