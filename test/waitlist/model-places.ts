import type { Db } from '../../src/platform/db/pool.ts';
import type { RedisClient } from '../../src/platform/redis.ts';
import { createMemoryPlaces, createRedisPlaces } from '../../src/waitlist/index.ts';
import type { movableClock } from '../support/movable-clock.ts';
import type { ModelPlaces } from './line-model.ts';

/** Longer than a copy goes without being compared. */
const LOOK_MS = 1_100;

/** The product's places, with a clock that is moved by hand. @param client undefined: in process */
export function modelPlaces(db: Db, clock: ReturnType<typeof movableClock>, client?: RedisClient): ModelPlaces {
  return {
    open() {
      const memory = createMemoryPlaces(db);
      return client ? createRedisPlaces(client, db, memory) : memory;
    },
    async flush(storeId) {
      if (!client) return;
      const keys = ['version', 'early', 0, 1, 2, 3].map((what) => `line:{${storeId}}:${what}`);
      await client.del(...keys);
    },
    look: () => void clock.pass(LOOK_MS),
  };
}
