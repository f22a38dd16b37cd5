import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../../platform/concurrency/single-flight.ts';
import type { LineMark } from './line-truth.ts';

/** What nobody told a copy of, because a process died right after its commit or a message was lost, is found out after this. */
const COMPARE_EVERY_MS = 1_000;
const STORES_MAX = 2_000;

export interface Copy {
  /** Of the copy; undefined: there is none. */
  mark(storeId: string): Promise<LineMark | undefined>;
  truth(storeId: string): Promise<LineMark>;
  /** Makes the copy anew from the truth. */
  rebuild(storeId: string): Promise<void>;
}

/**
 * Keeps a copy of each line honest, at most once a second and store. A copy that is behind is given until the next look to catch up
 * by itself, because what it misses may be on its way; one that is as new as the truth and of another length was damaged, by a
 * Redis that throws keys away, say.
 */
export function createComparison({ mark, truth, rebuild }: Copy) {
  const looked = new LRUCache<string, { atMs: number; owed: number }>({ max: STORES_MAX });

  const compare = createSingleFlight(async (storeId: string): Promise<void> => {
    const before = looked.get(storeId);
    // The truth first: what the copy learns meanwhile only makes it newer.
    const right = await truth(storeId);
    const ours = await mark(storeId);
    const isDamaged = ours?.version === right.version && ours.waiting !== right.waiting;
    if (!ours || ours.version < (before?.owed ?? 0) || isDamaged) await rebuild(storeId);
    looked.set(storeId, { atMs: performance.now(), owed: right.version });
  });

  return {
    /** Before a read. */
    async due(storeId: string): Promise<void> {
      const known = looked.get(storeId);
      if (!known || performance.now() - known.atMs >= COMPARE_EVERY_MS) await compare(storeId);
    },
    /** The copy did not know what it should have known. Those who find so together share one. */
    rebuild: createSingleFlight(rebuild),
  };
}
