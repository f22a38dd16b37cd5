import fc from 'fast-check';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { connectRedis, type RedisClient } from '../../src/platform/redis/redis.ts';
import { createMemoryPlaces, createRedisPlaces } from '../../src/waitlist/index.ts';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';
import { movableClock } from '../support/movable-clock.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startRedis } from '../support/services.ts';
import { type ModelPlaces, STEPS } from './line-model.ts';

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

/** One thing that happens to a line: what, and to which of those who could be meant. */
export const step = fc.record({ kind: fc.constantFrom(...STEPS), which: fc.nat(10_000) });

/** What the model's lines stand on until the end of `t`: a database, a Redis, and a clock that is moved by hand. */
export async function openModel(t: Lifetime) {
  const clock = movableClock();
  const db = openDb({ ...PATIENT, url: (await testDatabase()).url, connectionsMax: 4, waitsForDisk: false });
  const redis = await startRedis(t);
  const client = connectRedis(redis.url, { as: 'commands', bounded: false });
  await new Promise((ready) => client.once('ready', ready));
  atEndOf(t, async () => {
    client.disconnect();
    await db.close();
    clock.restore();
  });
  return { clock, db, client };
}
