import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussian, seeded } from '../stats/seeded.ts';
import { compare } from './compare.ts';
import type { Figure, FigureKey, GroupFigures } from './figures.ts';
import { compareWithBaseline } from './report.ts';
import { checkThresholds, parseThreshold } from './thresholds.ts';
import { checkBaseline } from './validity/baseline.ts';

const group = (key: string, figures: Partial<Record<FigureKey, Figure>>): GroupFigures => ({
  key,
  label: { ko: key, en: key },
  runs: [{ offeredPerSecond: 60, requests: 4000, stepMs: 1, relativeError: 0.01, figures }],
});
const meaning = (figure: FigureKey, from: Figure, to: Figure): string | undefined => {
  const [base, other] = [group('base', { [figure]: from }), group('other', { [figure]: to })];
  return compare(base, other, figure, [base, other])?.meaning;
};

test('knees are ordered by their intervals, one search of each by nothing but a factor of four', () => {
  const at = (value: number, low: number, high: number) => ({ value, low, high });
  assert.equal(meaning('knee', at(1_000, 800, 1_250), at(1_300, 1_050, 1_600)), 'none');
  assert.equal(meaning('knee', at(1_000, 900, 1_100), at(1_300, 1_150, 1_450)), 'better');
  assert.equal(meaning('knee', at(1_000, 800, 1_250), at(500, 400, 620)), 'worse');
  assert.equal(meaning('knee', { value: 1_000, low: 800, atLeast: true }, at(1_300, 1_250, 1_400)), 'none');
  assert.equal(meaning('knee', at(100, 80, 120), { value: 900, low: 700, atLeast: true }), 'better');
  assert.equal(meaning('knee', { value: 3_530 }, { value: 10_591 }), 'none');
});

test('no side wins against a bound that leaves open which of them is higher', () => {
  assert.equal(meaning('p99', { value: 5000, atLeast: true }, { value: 9000 }), 'none');
  assert.equal(meaning('p99', { value: 10_000, atLeast: true }, { value: 5000, atLeast: true }), 'none');
  assert.equal(meaning('knee', { value: 10_000, atLeast: true }, { value: 20_000 }), 'none');
  assert.equal(meaning('knee', { value: 20 }, { value: 50, isBelow: true }), 'none');
});

test('a bound on the far side is a difference all the same', () => {
  assert.equal(meaning('p99', { value: 40 }, { value: 10_000, atLeast: true }), 'worse');
  assert.equal(meaning('knee', { value: 260 }, { value: 10_000, atLeast: true }), 'better');
  assert.equal(meaning('knee', { value: 260 }, { value: 10, isBelow: true }), 'worse');
});

test('six rungs against themselves of yesterday raise a false alarm in 5 of 100 ladders at most', () => {
  const random = seeded(6);
  const ladder = (): GroupFigures[] =>
    ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({
      key,
      label: { ko: key, en: key },
      runs: [1, 2, 3].map(() => ({
        offeredPerSecond: 60,
        requests: 4000,
        stepMs: 0.001,
        relativeError: 0,
        figures: { p99: { value: 50 * Math.exp(0.1 * gaussian(random)) } },
      })),
    }));
  let alarms = 0;
  for (let trial = 0; trial < 500; trial++) {
    const found = [...compareWithBaseline(ladder(), ladder()).values()];
    if (found.some(({ p99 }) => p99?.meaning !== 'none')) alarms++;
  }
  assert.ok(alarms <= 35, `${alarms} of 500`);
});

test('a baseline of another machine is said, and holds no speed; what it was set to is said', () => {
  const of = (machine: string, switches: Record<string, string>, p99: number): GroupFigures => ({
    ...group('api', { p99: { value: p99 }, errorRate: { value: 0.01, of: 4_000 } }),
    origin: { machine, versions: { matjip: '1' }, switches },
  });
  const now = of('a fast machine, 8 CPU', { CACHE: 'memory' }, 50);
  const relative = ['p99<=1.1x', 'errorRate<=1.5x'].map(parseThreshold);
  const other = of('a slow machine, 2 CPU', { CACHE: 'off' }, 50);
  const [p99, errors] = checkThresholds(relative, [now], [other]);
  assert.equal(p99!.ok, false);
  assert.match(p99!.measured, /not comparable: measured on a fast machine, 8 CPU, baseline on a slow machine, 2 CPU/);
  assert.equal(errors!.ok, true);
  const [check] = checkBaseline([[other, now]]);
  assert.equal(check!.level, 'warn');
  assert.match(check!.detail.en, /a slow machine, 2 CPU → a fast machine, 8 CPU; CACHE off → memory/);

  const same = of('a fast machine, 8 CPU', { CACHE: 'memory' }, 49);
  assert.ok(checkThresholds(relative, [now], [same]).every(({ ok }) => ok));
  const others = ['yesterday', 'last week'].map((key) => ({ ...same, key }));
  assert.deepEqual(
    checkThresholds(relative, [now], others).map(({ measured }) => measured),
    Array(2).fill(`the baseline has yesterday, last week, and no ${now.key}`),
  );
  assert.equal(checkBaseline([[same, now]])[0]!.level, 'ok');
  const unknown = group('api', { p99: { value: 50 } });
  assert.match(checkBaseline([[unknown, now]])[0]!.detail.en, /does not say what it was measured on/);
});
