import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oldFaultSuite } from './stock/old-faults.ts';
import { proveStock } from './stock/prove-stock.ts';

test('over imports, edits, limits on and off, days, cancels, late jobs and several processes the books balance', async (t) => {
  const operations = await proveStock(t, { stores: 6, rounds: 10, steps: 20 });
  t.diagnostic(`${operations} operations`);
  assert.ok(operations > 1_000);
});

// The others take longer to come up among random steps.
oldFaultSuite([
  'a cancel gives a count what was never taken from it',
  'a return that comes twice gives portions twice',
  'a count that begins at noon forgets the morning',
  'setting a number overwrites what was sold',
  'a change overwrites the sale that came between',
]);
