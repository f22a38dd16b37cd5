import { after, test } from 'node:test';
import fc from 'fast-check';
import { openDb } from '../../src/platform/db/pool.ts';
import { connectRedis } from '../../src/platform/redis.ts';
import { atEndOf } from '../support/lifetime.ts';
import { movableClock } from '../support/movable-clock.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startRedis } from '../support/services.ts';
import { runModel, STEPS } from './line-model.ts';
import { modelPlaces } from './model-places.ts';

const clock = movableClock();
const db = openDb({ ...PATIENT, url: (await testDatabase()).url, connectionsMax: 4, waitsForDisk: false });
const redis = await startRedis({ after });
const client = connectRedis(redis.url, { as: 'commands', bounded: false });
await new Promise((ready) => client.once('ready', ready));
atEndOf({ after }, async () => {
  client.disconnect();
  await db.close();
  clock.restore();
});

const step = fc.record({ kind: fc.constantFrom(...STEPS), which: fc.nat(10_000) });

for (const [name, shared] of [
  ['in process', undefined],
  ['redis', client],
] as const) {
  test(`${name}: whatever people, the clock and crashes do in any order, the line keeps its order and loses nobody`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) =>
        runModel(db, modelPlaces(db, clock, shared), steps),
      ),
      { numRuns: 25 },
    );
  });
}
