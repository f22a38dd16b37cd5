import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTimeBudget } from './time-budget.ts';

test('work takes its share of the time and no more, whatever one piece of it costs', () => {
  for (const costMs of [0.02, 0.5, 5]) {
    const budget = createTimeBudget();
    let nowMs = 0;
    let spentMs = 0;
    while (nowMs < 10_000) {
      if (budget.isSpent(nowMs, 0.25)) nowMs += 1;
      else {
        budget.spend(costMs);
        spentMs += costMs;
        nowMs += costMs;
      }
    }
    assert.ok(spentMs > 2_400 && spentMs < 2_600, `${costMs} ms each: ${spentMs} ms`);
  }
});

test('what was saved and what is owed are bounded', () => {
  const budget = createTimeBudget();
  assert.equal(budget.isSpent(1_000_000, 0.5), false);
  budget.spend(60);
  assert.equal(budget.isSpent(1_000_000, 0.5), true);
  budget.spend(1_000_000);
  assert.equal(budget.isSpent(1_000_500, 0.5), false);
});
