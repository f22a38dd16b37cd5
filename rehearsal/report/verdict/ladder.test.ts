import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure, FigureKey, GroupFigures } from '../figures.ts';
import type { Group } from '../run.ts';
import { judge } from './judge.ts';

interface Rung {
  readonly name: string;
  readonly figures: Partial<Record<FigureKey, Figure>>;
}

const knee = (value: number, low: number, high: number): Figure => ({ value, low, high });
const figuresOf = ({ name, figures }: Rung): GroupFigures => ({
  key: name,
  label: { ko: name, en: name },
  runs: [{ offeredPerSecond: 60, requests: 4_000, stepMs: 1, relativeError: 0.01, figures }],
});

/** A group of one run, as far as a verdict looks at it. */
const groupOf = ({ name, figures }: Rung, step: number): Group =>
  ({
    key: name,
    label: { ko: name, en: name },
    runs: [
      {
        manifest: { step },
        truth: {
          staleShare: figures.staleShare?.value ?? 0,
          oldestAgeMs: 0,
          blank: 0,
          changes: [{ atS: 1, what: 'price' }],
        },
        totals: { attempted: 4_000, answered: 4_000, good: 4_000, errors: {} },
        periods: [],
      },
    ],
  }) as unknown as Group;

const verdictOf = (...rungs: Rung[]) => judge(rungs.map(groupOf), rungs.map(figuresOf), new Set());

test('a stale rung is not crowned where a right one is not shown to be slower', () => {
  const base = { name: 'none', figures: { knee: knee(170, 150, 195), staleShare: { value: 0 } } };
  const stale = { name: 'expiry', figures: { knee: knee(2_682, 1_700, 4_100), staleShare: { value: 0.84 } } };
  const right = { name: 'event', figures: { knee: knee(1_176, 800, 2_600), staleShare: { value: 0 } } };
  const verdict = verdictOf(base, stale, right);
  assert.equal(verdict.about!.group, 'event');
  assert.match(verdict.sentence.en, /no answer was stale\.$/);
});

test('two rungs whose knees’ intervals meet have no order, and the sentence says why', () => {
  const verdict = verdictOf(
    { name: 'one', figures: { knee: knee(3_530, 2_400, 5_200) } },
    { name: 'other', figures: { knee: knee(4_400, 3_000, 6_500) } },
  );
  assert.equal(verdict.tone, 'none');
  assert.match(verdict.sentence.en, /^No difference shown between one and other: knee .*their intervals meet\.$/);
});

test('a step that bought nothing is named, with what a request cost before and after', () => {
  const cost = (api: number, sql: number) => ({ cpuMs: { value: api }, statementsPerRequest: { value: sql } });
  const verdict = verdictOf(
    { name: 'untuned', figures: { knee: knee(100, 85, 120), ...cost(9, 12) } },
    { name: 'cache', figures: { knee: knee(2_000, 1_700, 2_400), ...cost(0.6, 0.5) } },
    { name: 'batch', figures: { knee: knee(2_050, 1_700, 2_500), ...cost(0.61, 0.5) } },
    { name: 'scale-up', figures: { knee: knee(1_900, 1_500, 2_300), ...cost(0.8, 0.5) } },
  );
  const details = verdict.details.map(({ en }) => en);
  assert.ok(details.includes('The ladder stops at cache: no right step above it is shown to be a gain.'));
  assert.ok(
    details.some((line) =>
      /^batch is not shown to buy anything over cache: a request costs the same work \(CPU .*SQL 0\.50 → 0\.50\)/.test(
        line,
      ),
    ),
    details.join('\n'),
  );
  assert.ok(details.some((line) => /^scale-up is not shown .* over batch: a request costs more CPU/.test(line)));
});

test('a step that carries less than one further down is no gain, though it costs less than the one below it', () => {
  const cost = (api: number) => ({ cpuMs: { value: api } });
  const verdict = verdictOf(
    { name: 'untuned', figures: { knee: knee(142, 100, 200), ...cost(13) } },
    { name: 'events', figures: { knee: knee(2_106, 1_560, 3_472), ...cost(30) } },
    { name: 'scale-up', figures: { knee: knee(1_640, 900, 1_813), ...cost(33) } },
    { name: 'scale-out', figures: { knee: knee(815, 603, 1_099), ...cost(20) } },
  );
  const details = verdict.details.map(({ en }) => en);
  assert.ok(
    details.includes(
      'scale-out carries less than events (2,106/s → 815/s): a request costs less, and not enough to show (CPU 30 ms → 20 ms).',
    ),
    details.join('\n'),
  );
  // Its interval meets that of the highest.
  assert.ok(details.some((line) => line.startsWith('scale-up is not shown to buy anything over events')));
  assert.ok(details.includes('The ladder stops at events: no right step above it is shown to be a gain.'));
});
