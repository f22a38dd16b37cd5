import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { createSingleFlight } from '../../platform/concurrency/single-flight.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { readEnded } from '../parties.ts';
import { learnPaces, type Paces } from './pace.ts';

/** Longer ago is another part of the evening. */
const LOOKED_BACK_MS = 2 * 3_600_000;
/** Two hours of the largest hall. */
const ENDED_MAX = 300;
/** DESIGN §7: what is learned may be so old; a line learns something new about once a minute. */
const FRESH_MS = 5_000;
const STORES_MAX = 2_000;

/** How fast each store's line has moved lately, read at most once in five seconds and store. */
export function createRecentPaces(db: Queryable, now: Clock): (storeId: string) => Promise<Paces> {
  const kept = new LRUCache<string, Paces>({ max: STORES_MAX, ttl: FRESH_MS, ttlResolution: 0 });
  const read = createSingleFlight(async (storeId: string): Promise<Paces> => {
    const nowMs = now();
    const ended = await readEnded(db, storeId, ['seated', 'no-show', 'left'], {
      since: new Date(nowMs - LOOKED_BACK_MS),
      limit: ENDED_MAX,
    });
    const paces = learnPaces(
      ended.map(({ size, state, joinedAt, endedAt }) => ({
        size,
        isSeated: state === 'seated',
        joinedMs: joinedAt.getTime(),
        endedMs: endedAt!.getTime(),
      })),
      nowMs,
    );
    kept.set(storeId, paces);
    return paces;
  });
  return async (storeId) => kept.get(storeId) ?? read(storeId);
}
