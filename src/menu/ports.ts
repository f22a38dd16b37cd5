export type { Access } from '../staff/index.ts';
export type { LockStores, Store, StoreDirectory } from '../store/index.ts';

import type { LiveMessage } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

/** Tells every process that a menu changed, when the transaction commits. */
export interface Announcer {
  announce(tx: Queryable, messages: readonly LiveMessage[]): Promise<void>;
}
