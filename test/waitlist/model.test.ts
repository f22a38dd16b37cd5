import { after, test } from 'node:test';
import fc from 'fast-check';
import { runModel } from './line-model.ts';
import { modelPlaces, openModel, step } from './model-places.ts';

const { clock, db, client } = await openModel({ after });

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
