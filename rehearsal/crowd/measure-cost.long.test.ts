import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureCost } from './measure-cost.ts';

test('a request of the crowd costs at most twice the CPU of one through a bare undici pool', async () => {
  const { crowdUs, undiciUs } = await measureCost(2_000, 3);
  assert.ok(crowdUs > 1 && crowdUs <= 2 * undiciUs, `${crowdUs.toFixed(1)} µs against ${undiciUs.toFixed(1)} µs`);
});
