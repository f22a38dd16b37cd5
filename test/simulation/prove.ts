import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadProduct } from './load-product.ts';
import type { runStory } from './run-story.ts';
import { type Step, stories } from './steps.ts';

/** Stories of one call of fast-check; between calls a long run sees how far it is. */
const STORIES_AT_ONCE = 50;

/**
 * Tells stories until the simulation has taken so many steps.
 * @returns how many it took
 * @throws what fast-check says of a story that failed: its seed, the shortest story that fails as well, and what happened in it
 */
export async function proveStories(seed: number, stepsMin: number, lengthMax: number): Promise<number> {
  const { runStory } = await loadProduct();
  let steps = 0;
  for (let round = 0; steps < stepsMin; round += 1) {
    await fc.assert(
      fc.asyncProperty(stories(lengthMax), async (story) => {
        if (steps < stepsMin) steps += await runStory(story);
      }),
      { seed: seed + round, numRuns: STORIES_AT_ONCE },
    );
  }
  return steps;
}

/** What was found of a fault that was planted. */
export interface Found {
  readonly story: readonly Step[];
  readonly message: string;
}

/** @param options.shrinks false: the first story that shows it is enough */
export async function findFault(
  run: typeof runStory,
  { seed, storiesMax, shrinks }: { readonly seed: number; readonly storiesMax: number; readonly shrinks: boolean },
): Promise<Found> {
  const found = await fc.check(
    fc.asyncProperty(stories(STEPS_OF_A_FAULT), async (story) => void (await run(story))),
    { seed, numRuns: storiesMax, endOnFailure: !shrinks },
  );
  assert.ok(found.failed && found.counterexample, `${storiesMax} stories do not show it, seed ${seed}`);
  assert.ok(found.errorInstance instanceof assert.AssertionError, String(found.errorInstance));
  return { story: found.counterexample[0], message: found.errorInstance.message };
}

const STEPS_OF_A_FAULT = 80;
