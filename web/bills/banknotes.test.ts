import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handedFor } from './banknotes.ts';

test('for an amount are offered the next sums that come in notes, each once and never the amount itself', () => {
  assert.deepEqual(handedFor(20_500, 'KRW'), [25_000, 30_000, 50_000]);
  assert.deepEqual(handedFor(3_500, 'KRW'), [5_000, 10_000, 50_000]);
  assert.deepEqual(handedFor(49_000, 'KRW'), [50_000]);
  assert.deepEqual(handedFor(50_000, 'KRW'), []);
  assert.deepEqual(handedFor(12_50, 'USD'), [15_00, 20_00, 50_00]);
  assert.deepEqual(handedFor(0, 'KRW'), []);
  assert.deepEqual(handedFor(100, 'XAF'), []);
});
