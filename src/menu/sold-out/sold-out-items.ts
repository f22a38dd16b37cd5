import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../../platform/concurrency/single-flight.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { readSoldOut } from './read-sold-out.ts';

/** What is known of a store's dishes that are sold out, so that a crowd that wants them need not be told by the database. */
export interface SoldOutItems {
  /**
   * Those of these dishes that are known to be sold out. What is not known is not among them; then the database decides. A dish that can be
   * had again is never among them for longer than a second.
   */
  among(storeId: string, itemIds: readonly string[]): Promise<readonly string[]>;
  /** A change was committed. Called late, twice or never, it costs a question, and `among` keeps its promise. */
  changed(storeId: string, change: SoldOutChange): Promise<void>;
}

/** Neither: nobody knows which dishes. */
export interface SoldOutChange {
  /** Dishes of which nothing is left. */
  readonly gone?: readonly string[] | undefined;
  /** Dishes that may be had again. */
  readonly back?: readonly string[] | undefined;
}

/**
 * For so long after the question was sent to Postgres, its answer is believed. With what an answer may take to come and be
 * acted on, 100 ms, it is less than the second that is promised; shorter would only ask more often.
 */
export const RIGHT_FOR_MS = 800;

const STORES_MAX = 2_000;

/** Each process's own. @param nowMs only goes forward */
export function createMemorySoldOutItems(db: Queryable, nowMs = () => performance.now()): SoldOutItems {
  const kept = new LRUCache<string, { readonly askedAtMs: number; readonly gone: Set<string> }>({ max: STORES_MAX });
  const read = createSingleFlight(async (storeId) => {
    const askedAtMs = nowMs();
    const entry = { askedAtMs, gone: new Set(await readSoldOut(db, storeId)) };
    kept.set(storeId, entry);
    return entry;
  });
  return {
    async among(storeId, itemIds) {
      const known = kept.get(storeId);
      const { gone } = known && nowMs() - known.askedAtMs < RIGHT_FOR_MS ? known : await read(storeId);
      return itemIds.filter((itemId) => gone.has(itemId));
    },
    async changed(storeId, { gone, back }) {
      const known = kept.get(storeId);
      if (!known) return;
      if (!gone && !back) kept.delete(storeId);
      for (const itemId of gone ?? []) known.gone.add(itemId);
      for (const itemId of back ?? []) known.gone.delete(itemId);
    },
  };
}
