import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProduct, PLANTED_HERE, type PlantedName } from './load-product.ts';
import { findFault, proveStories } from './prove.ts';

/** SEED and STEPS repeat a run, or make a shorter one. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const stepsMin = Number(process.env.STEPS ?? 1_000_000);
/** Whoever reads a story reads no more than this. */
const SHORT = 30;

test(`${stepsMin} steps of whatever may fail: nothing is lost, nothing is there twice`, async (t) => {
  t.diagnostic(`seed ${seed}; again with SEED=${seed} STEPS=${stepsMin}`);
  t.diagnostic(`${await proveStories(seed, stepsMin, 200)} steps`);
});

for (const name of Object.keys(PLANTED_HERE) as PlantedName[]) {
  test(`a product that ${name} is found out, by a short story`, async (t) => {
    const { runStory } = await loadProduct(name);
    const { story, message } = await findFault(runStory, { seed, storiesMax: 1_000, shrinks: true });
    t.diagnostic(story.map(({ kind, which, how }) => `${kind} ${which} ${how}`).join(' · '));
    assert.ok(story.length <= SHORT, `${story.length} steps: ${message}`);
  });
}
