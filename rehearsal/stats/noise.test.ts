import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareRepeats, compareSingles, FALSE_ALARM_MAX, measureNoise, median } from './noise.ts';
import { gaussian, seeded } from './seeded.ts';
import { criticalT, shareWithin } from './student.ts';

const resolution = { step: 0, relative: 0 };

/** Share of ladders, all of whose rungs are the same server, on which at least one difference is called. */
function falseAlarms(rungs: number, repeats: number, draw: (random: () => number) => number, seed: number): number {
  const random = seeded(seed);
  const trials = 3000;
  let alarms = 0;
  for (let trial = 0; trial < trials; trial++) {
    const pool = Array.from({ length: rungs }, () => Array.from({ length: repeats }, () => draw(random)));
    const [base = [], ...others] = pool;
    const traits = { scale: 'log', resolution, comparisons: others.length } as const;
    if (others.some((other) => compareRepeats(base, other, pool, traits).verdict !== 'none')) alarms++;
  }
  return alarms / trials;
}

describe('the t distribution', () => {
  test('gives the critical values of the printed tables', () => {
    for (const [alpha, degrees, expected] of [
      [0.05, 1, 12.7062],
      [0.05, 2, 4.3027],
      [0.05, 3, 3.1824],
      [0.05, 10, 2.2281],
      [0.01, 7, 3.4995],
    ] as const) {
      assert.ok(Math.abs(criticalT(alpha, degrees) - expected) < 1e-4, `t(${alpha}, ${degrees})`);
    }
    assert.ok(Math.abs(shareWithin(1.96, 5001) - 0.95) < 1e-3);
  });
});

describe('the noise floor', () => {
  // 3,000 trials of a true rate of 5 % come out at 6.2 % or less in 999 cases of 1,000.
  const bound = FALSE_ALARM_MAX + 0.012;

  for (const [rungs, repeats] of [
    [2, 2],
    [2, 3],
    [2, 5],
    [6, 2],
    [6, 3],
  ] as const) {
    test(`calls a difference in at most 5 % of ladders of ${rungs} equal rungs run ${repeats} times`, () => {
      const rate = falseAlarms(
        rungs,
        repeats,
        (random) => 40 * Math.exp(0.15 * gaussian(random)),
        7 + rungs * 10 + repeats,
      );
      assert.ok(rate <= bound, `${(rate * 100).toFixed(1)} % false alarms`);
    });
  }

  test('keeps to 5 % where one run in ten meets a noisy neighbour and comes out 50 % slower', () => {
    const rate = falseAlarms(6, 3, (r) => 40 * Math.exp(0.08 * gaussian(r) + (r() < 0.1 ? 0.4 : 0)), 99);
    assert.ok(rate <= bound, `${(rate * 100).toFixed(1)} % false alarms`);
  });

  test('still sees a server that is twice as slow, in four of five ladders of three repeats', () => {
    const random = seeded(5);
    const draw = (centre: number): number[] =>
      Array.from({ length: 3 }, () => centre * Math.exp(0.15 * gaussian(random)));
    let seen = 0;
    for (let trial = 0; trial < 500; trial++) {
      const pool = [draw(40), draw(80), draw(40), draw(40)];
      const [base = [], slow = []] = pool;
      const found = compareRepeats(base, slow, pool, { scale: 'log', resolution, comparisons: 3 });
      if (found.verdict === 'higher') seen++;
    }
    assert.ok(seen >= 400, `${seen} of 500`);
  });

  test('is the pooled deviation of the repeats, and unknown without any', () => {
    assert.equal(measureNoise([[5], [7]], 'linear', 0), undefined);
    const noise = measureNoise([[1, 3], [10, 14], [9]], 'linear', 0);
    assert.equal(noise?.degrees, 2);
    assert.ok(Math.abs((noise?.deviation ?? 0) - Math.sqrt((2 + 8) / 2)) < 1e-12);
  });

  test('never calls a difference that the instrument cannot see', () => {
    const steps = { step: 1, relative: 0.01 };
    const same = compareRepeats(
      [4, 4, 4],
      [5, 5, 5],
      [
        [4, 4, 4],
        [5, 5, 5],
      ],
      { scale: 'log', resolution: steps, comparisons: 1 },
    );
    assert.equal(same.verdict, 'none');
    const larger = compareRepeats(
      [4, 4, 4],
      [9, 9, 9],
      [
        [4, 4, 4],
        [9, 9, 9],
      ],
      { scale: 'log', resolution: steps, comparisons: 1 },
    );
    assert.equal(larger.verdict, 'higher');
  });
});

describe('two single runs', () => {
  test('are called different by less than 5 % of A/A pairs, runs varying by 12 %', () => {
    const random = seeded(3);
    let alarms = 0;
    for (let trial = 0; trial < 3000; trial++) {
      const run = (): { all: number; periods: number[] } => {
        const centre = 40 * Math.exp(0.12 * gaussian(random));
        return { all: centre, periods: Array.from({ length: 6 }, () => centre * Math.exp(0.1 * gaussian(random))) };
      };
      const [a, b] = [run(), run()];
      const traits = { scale: 'log', resolution, basePeriods: a.periods, otherPeriods: b.periods } as const;
      if (compareSingles(a.all, b.all, traits).verdict !== 'none') alarms++;
    }
    assert.ok(alarms / 3000 <= 0.05, `${alarms} of 3,000`);
  });

  test('are not called different when one bad period makes the whole difference', () => {
    const basePeriods = [10, 11, 10, 12, 11];
    const traits = { scale: 'log', resolution, basePeriods, otherPeriods: [10, 11, 90, 12, 11] } as const;
    assert.equal(compareSingles(11, 80, traits).verdict, 'none');
    assert.equal(compareSingles(11, 80, { ...traits, otherPeriods: [80, 78, 90, 85, 79] }).verdict, 'higher');
  });
});

test('the median of an even number of figures lies between the middle two', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});
