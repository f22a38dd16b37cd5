import { LRUCache } from 'lru-cache';
import type { Candidate } from './candidate.ts';
import type { OrderRef } from './ports.ts';

/** Orders that this process said yes to lately, so that sending one again costs no place in the intake. */
export interface IdempotencyCache {
  add(order: Pick<Candidate, 'storeId' | 'id' | 'requestHash'>): void;
  /** The hash of the request that made this order, if this process knows it still. */
  hashOf(order: OrderRef): string | undefined;
  /** Whether this key was acknowledged, at whichever store: to be asked before anything but the head of a request was read. */
  knows(id: string): boolean;
  forget(id: string): void;
}

/** @param keptMax the one that was added first goes first */
export function createIdempotencyCache(keptMax: number): IdempotencyCache {
  const kept = new LRUCache<string, { readonly storeId: string; readonly requestHash: string }>({ max: keptMax });
  return {
    add({ id, storeId, requestHash }) {
      kept.set(id, { storeId, requestHash });
    },
    hashOf({ storeId, id }) {
      const order = kept.peek(id);
      // The same key may be another order at another store.
      return order?.storeId === storeId ? order.requestHash : undefined;
    },
    knows: (id) => kept.has(id.toLowerCase()),
    forget: (id) => {
      kept.delete(id);
    },
  };
}
