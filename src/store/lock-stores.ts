import { lockableTogether } from '../platform/db/citus/lockable-together.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { StatedState } from './ports.ts';

export interface StoreHead {
  readonly storeId: string;
  readonly state: StatedState['state'];
  readonly stateBy: StatedState['by'];
  readonly stateReason: string | null;
  readonly stateUntil: Date | null;
  /** Whether the load of its kitchen counts. */
  readonly isPaced: boolean;
  /** The business day that `lastNumber` counts. */
  readonly day: string;
  readonly lastNumber: number;
  readonly menuVersion: number;
}

export interface LockOptions {
  /** False: a store whose row another transaction holds is left out of the answer, and nobody is waited for. */
  readonly wait: boolean;
}

/**
 * Locks stores until the transaction ends. Whatever changes a store's stock, menu or numbers takes this lock first, and
 * whoever waits for one holds no other, or takes them in the order of the stores' ids: so writers of several processes
 * wait for each other and never deadlock.
 * @throws the database's error 55P03 when it waited for as long as the connection's lock time-out allows
 */
export type LockStores = (tx: Queryable, storeIds: readonly string[], options?: LockOptions) => Promise<StoreHead[]>;

const COLUMNS = `store_id AS "storeId", state, state_by AS "stateBy", state_reason AS "stateReason",
  state_until AS "stateUntil", is_paced AS "isPaced", day, last_number AS "lastNumber", menu_version AS "menuVersion"`;

export const lockStores: LockStores = async (tx, storeIds, { wait } = { wait: true }) => {
  // On a sharded database a query in a loop: the price of many machines, bounded by the group's size.
  const locked = await Promise.all(
    lockableTogether(tx, storeIds).map((ids) =>
      tx.query<StoreHead>(
        `SELECT ${COLUMNS} FROM store_head WHERE store_id = ANY($1::uuid[]) ORDER BY store_id
         ${wait ? 'FOR UPDATE' : 'FOR UPDATE SKIP LOCKED'}`,
        [ids],
        wait ? 'lock-stores' : 'lock-free-stores',
      ),
    ),
  );
  return locked.flatMap(({ rows }) => rows);
};
