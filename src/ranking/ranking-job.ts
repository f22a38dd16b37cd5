import { afterCommit } from '../platform/db/after-commit.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import type { CatchUp } from './catch-up.ts';
import { countFewer, countOrders, uncountOrder } from './count-orders.ts';
import { foldStores } from './fold-stores.ts';
import type { CountChange, OrderRef } from './ports.ts';

export interface Counting {
  /** The job of a group of orders: counted by its transaction, told after its commit. */
  placed(tx: Queryable, orders: readonly OrderRef[]): Promise<void>;
  cancelled(tx: Queryable, order: OrderRef): Promise<void>;
  /** Portions of a dish were taken off an order. */
  fewer(tx: Queryable, order: OrderRef, dish: { readonly itemId: string; readonly portions: number }): Promise<void>;
  /** Every minute: brands and everybody get what stores counted, and what was lost on the way is made good. */
  everyMinute(db: Db): Promise<void>;
}

export function createCounting(catchUp: CatchUp): Counting {
  const tell = (tx: Queryable, changes: readonly CountChange[]): void => {
    if (changes.length > 0) afterCommit(tx, () => void catchUp.committed(changes));
  };
  return {
    async placed(tx, orders) {
      tell(tx, await countOrders(tx, orders));
    },
    async cancelled(tx, order) {
      tell(tx, await uncountOrder(tx, order));
    },
    async fewer(tx, order, dish) {
      tell(tx, await countFewer(tx, order, dish));
    },
    async everyMinute(db) {
      await foldStores(db, (changes) => catchUp.committed(changes));
      await catchUp.checkAll();
    },
  };
}
