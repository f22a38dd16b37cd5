import { LRUCache } from 'lru-cache';
import type { Door } from '../../contract/index.ts';
import { createSingleFlight } from '../../platform/concurrency/single-flight.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import type { LiveHub } from '../../platform/live/postgres-live.ts';
import { etaOf, type Paces } from '../eta/pace.ts';
import { SIZE_CLASSES, sizeClassOf } from '../eta/size-class.ts';
import type { Places } from '../line/places.ts';
import { readCalled, readHead } from '../parties.ts';

/** As many as are read from across a street. */
const CALLS_MAX = 10;
/** Readers share one look for this long, unless something is announced. */
const FRESH_MS = 1_000;
const STORES_MAX = 2_000;

export interface DoorDeps {
  readonly db: Queryable;
  readonly places: Places;
  readonly pacesOf: (storeId: string) => Promise<Paces>;
  readonly live: LiveHub;
}

/** What hangs at a store's door: whether the line is open, how long it is, who is called. */
export type ReadDoor = (storeId: string) => Promise<Door>;

export function createReadDoor({ db, places, pacesOf, live }: DoorDeps): ReadDoor {
  const kept = new LRUCache<string, Door>({ max: STORES_MAX, ttl: FRESH_MS, ttlResolution: 0 });
  /** Of the messages heard: what was read before one is not kept after it. */
  let heard = 0;
  live.subscribe('waitlist', ({ storeId }) => {
    heard += 1;
    kept.delete(storeId);
  });
  live.onGap(() => {
    heard += 1;
    kept.clear();
  });

  const read = createSingleFlight(async (storeId: string): Promise<Door> => {
    const heardBefore = heard;
    const askedAtMs = performance.now();
    const [head, called, paces, ofSize] = await Promise.all([
      readHead(db, storeId),
      readCalled(db, storeId, CALLS_MAX),
      pacesOf(storeId),
      Promise.all(SIZE_CLASSES.map((_, sizeClass) => places.countOfSize(storeId, sizeClass))),
    ]);
    const door: Door = {
      state: head.state,
      waiting: head.waiting,
      calls: called.reverse().map(({ number, calledAt }) => ({ number, calledAt: calledAt!.toISOString() })),
      eta: SIZE_CLASSES.map((sizeMax) => ({
        sizeMax: Number.isFinite(sizeMax) ? sizeMax : null,
        etaMinutes: etaOf(paces, { size: sizeMax, ahead: head.waiting, aheadOfSize: ofSize[sizeClassOf(sizeMax)]! }),
      })),
    };
    if (heard === heardBefore) kept.set(storeId, door, { start: askedAtMs });
    return door;
  });

  return async (storeId) => kept.get(storeId) ?? read(storeId);
}
