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

const LINES = 400;
const STEPS_A_LINE = 250;

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

test('100,000 steps of people, clocks and crashes: every line keeps its order and loses nobody', async () => {
  let line = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: STEPS_A_LINE, maxLength: STEPS_A_LINE, size: 'max' }),
      // Every other line in process; looked at after every tenth step, for the sake of time.
      (steps) => runModel(db, modelPlaces(db, clock, line++ % 2 === 0 ? client : undefined), steps, 10),
    ),
    { numRuns: LINES },
  );
});
