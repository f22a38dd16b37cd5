import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Period } from '../run.ts';
import { PeriodList } from './period-list.ts';

const period = (i: number): Period => ({
  atS: i * 10,
  spanS: 10,
  partial: false,
  warmup: i < 7,
  attempted: 100,
  answered: 99,
  good: 98,
  unanswered: 1,
  errors: { ETIMEDOUT: 1, [`odd-${i}`]: 1 },
  latency: { count: 99, min: 1, max: 50 + (i % 9), p50: 5, p95: 20, p99: 40 },
});

test('fifty thousand periods become at most 1,440, lose no request and keep the warm-up apart', () => {
  const list = new PeriodList();
  for (let i = 0; i < 50_000; i++) list.add(period(i));
  const kept = list.finish();
  assert.ok(kept.length <= 1440, `${kept.length}`);
  const sum = (of: (period: Period) => number): number => kept.reduce((total, one) => total + of(one), 0);
  assert.equal(
    sum((one) => one.attempted),
    5_000_000,
  );
  assert.equal(
    sum((one) => one.spanS),
    500_000,
  );
  assert.equal(
    sum((one) => (one.warmup ? one.attempted : 0)),
    700,
  );
  assert.ok(kept.every((one) => Object.keys(one.errors).length <= 42 && (one.latency?.max ?? 0) <= 58));
  assert.ok(kept.every((one, i) => i === 0 || one.atS > (kept[i - 1]?.atS ?? 0)));
});
