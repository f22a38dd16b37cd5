import type { Queryable } from '../pool.ts';

/**
 * Stores whose rows one statement may lock, in the order in which they are to be locked: all of them by one, or each by one of its own
 * where they are spread over machines, because Citus refuses FOR UPDATE and FOR SHARE over several shards. Nobody needs to wait for one
 * statement before sending the next: the connection keeps their order, and whatever is sent after them runs under all of the locks.
 */
export function lockableTogether(tx: Pick<Queryable, 'isSharded'>, storeIds: Iterable<string>): string[][] {
  const sorted = [...new Set(storeIds)].sort();
  return tx.isSharded ? sorted.map((id) => [id]) : [sorted];
}
