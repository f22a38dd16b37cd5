import { after, test } from 'node:test';
import fc from 'fast-check';
import { runModel } from './line-model.ts';
import { modelPlaces, openModel, step } from './model-places.ts';

const LINES = 400;
const STEPS_A_LINE = 250;

const { clock, db, client } = await openModel({ after });

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
