import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateByKey } from './rate-by-key.ts';

test('what happens often is told by key, and forgotten when it is over', () => {
  let nowMs = 0;
  const rates = createRateByKey(() => nowMs);
  for (let second = 0; second < 10; second += 1) {
    for (let times = 0; times < 10; times += 1) {
      nowMs += 100;
      rates.count('crowd', 10);
    }
  }
  const often = rates.read('crowd');
  assert.ok(often > 80 && often < 120, `${often} a second`);
  assert.equal(rates.count('crowd', 0), often);
  assert.deepEqual([rates.read('quiet'), rates.count('quiet', 1), rates.read('quiet')], [0, 1, 1]);
  nowMs += 10_000;
  assert.ok(rates.count('crowd', 1) < 1.1);
});
