import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantileInterval, quantileOf, ratioInterval, type Seconds } from './quantile-interval.ts';
import { gaussian, seeded } from './seeded.ts';

const RUNS = 30;

/** A run of a server that takes 10 ms, on a machine of which each second is by its own factor slower or faster. */
function run(seed: number, secondsCount: number, perSecond: number, times = 1): Seconds {
  const random = seeded(seed);
  return Array.from({ length: secondsCount }, () => {
    const luck = Math.exp(0.5 * gaussian(random));
    return Array.from({ length: perSecond }, () => times * 10 * luck * Math.exp(0.3 * gaussian(random)));
  });
}

/** What the quantile of such a server is in the long run. */
const truth = (share: number): number => quantileOf(run(99, 10_000, 10).flat(), share);

test('the quantile is one of the values, the smallest that so many did not exceed', () => {
  assert.deepEqual(
    [0.5, 0.75, 0.99, 1].map((share) => quantileOf([4, 1, 3, 2], share)),
    [2, 3, 4, 4],
  );
  assert.deepEqual([quantileOf([7], 0.01), quantileOf([], 0.5)], [7, Number.NaN]);
});

test('the interval holds what is true in eight of ten runs at least, of which seconds have luck of their own', () => {
  for (const share of [0.5, 0.95]) {
    const value = truth(share);
    const runs = Array.from({ length: RUNS }, (_, seed) => quantileInterval(run(seed, 40, 10), share));
    const held = runs.filter(({ low, high }) => low <= value && value <= high).length;
    assert.ok(held >= 0.8 * RUNS, `${share}: ${held} of ${RUNS}`);
    for (const { low, middle, high } of runs) assert.ok(low <= middle && middle <= high);
  }
});

test('a ratio of two quantiles holds what is true as well, and is the same each time it is asked for', () => {
  const intervals = Array.from({ length: RUNS }, (_, seed) =>
    ratioInterval(run(seed, 40, 10), run(seed + 100, 40, 10, 2), 0.95),
  );
  assert.ok(intervals.filter(({ low, high }) => low <= 2 && 2 <= high).length >= 0.8 * RUNS);
  assert.deepEqual(
    ratioInterval(run(1, 40, 10), run(2, 40, 10, 2), 0.95),
    ratioInterval(run(1, 40, 10), run(2, 40, 10, 2), 0.95),
  );
});
