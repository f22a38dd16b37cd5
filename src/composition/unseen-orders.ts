import { ordersOfUnknownVisits, type UnknownOrder } from '../bill/index.ts';
import { isAnsweredSince } from '../call/index.ts';
import { pacing, passedOver } from '../kitchen/index.ts';
import { type createCancelOrder, holdingPortions } from '../order/index.ts';
import type { Payments } from '../payment/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { writeStoreLog } from '../staff/index.ts';
import { findStores } from '../store/index.ts';

export interface ReleaseUnseenDeps {
  readonly db: Db;
  readonly cancel: ReturnType<typeof createCancelOrder>;
  readonly payments: Pick<Payments, 'isUnderway'>;
  readonly now: Clock;
  readonly bounds: {
    /** So long after it was promised an order is let wait. */
    readonly afterMs: number;
    /** Looked at by one statement. */
    readonly pageMax: number;
  };
}

/**
 * Gives back portions of limited dishes that a table ordered which nobody of the shop has ever had to do with, while the kitchen worked on what
 * came later: the order is cancelled as the shop's, and its phone says so (ADR 96). Whatever a person does meanwhile, with the order, its bill or its
 * table, comes first: all is asked again under the store's lock. It may be killed anywhere and run beside itself.
 * @returns how many orders it cancelled
 */
export function createReleaseUnseen({ db, cancel, payments, now, bounds }: ReleaseUnseenDeps) {
  async function unseenOf(on: Queryable, orders: readonly UnknownOrder[]): Promise<UnknownOrder[]> {
    const holding = await holdingPortions(on, orders);
    const held = orders.filter(({ id }) => holding.has(id));
    const passed = held.length > 0 ? await passedOver(on, held) : new Set<string>();
    const unseen: UnknownOrder[] = [];
    // Two looks each at what is left, which are few.
    for (const order of held.filter(({ id }) => passed.has(id))) {
      if (await isAnsweredSince(on, order.storeId, order.table, order.openedAt)) continue;
      if (!(await payments.isUnderway(on, order))) unseen.push(order);
    }
    return unseen;
  }

  async function release(order: UnknownOrder, before: Date): Promise<boolean> {
    const [store] = await findStores({ db, pacing, now }, [order.storeId], []);
    if (!store) return false;
    let isReleased = false;
    try {
      await cancel(store, order.id, 'staff', {
        returnPortions: true,
        reason: 'unseen',
        only: async (tx) =>
          (await unseenOf(tx, await ordersOfUnknownVisits(tx, { before, limit: 1, one: order }))).length > 0,
        async written(tx, { number, total: amount, table }) {
          const details = { number, amount, ...(table !== null && { table }), reason: 'unseen' };
          await writeStoreLog(tx, store.id, [{ what: 'order-cancelled', by: 'Matjip', details }], now());
          isReleased = true;
        },
      });
    } catch (error) {
      // It was served or is gone meanwhile.
      if (!(error instanceof Problem)) throw error;
    }
    return isReleased;
  }

  return async (): Promise<number> => {
    const before = new Date(now() - bounds.afterMs);
    let released = 0;
    let after: UnknownOrder | undefined;
    do {
      const page = await ordersOfUnknownVisits(db, { before, limit: bounds.pageMax, after });
      for (const order of await unseenOf(db, page)) if (await release(order, before)) released += 1;
      after = page.length === bounds.pageMax ? page.at(-1) : undefined;
    } while (after);
    return released;
  };
}
