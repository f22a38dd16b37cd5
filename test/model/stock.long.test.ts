import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proveStock } from './stock/prove-stock.ts';

test('after 200,000 operations on the stock the books balance', async (t) => {
  const operations = await proveStock(t, { stores: 60, rounds: 110, steps: 25 });
  t.diagnostic(`${operations} operations`);
  assert.ok(operations >= 200_000, `${operations}`);
});
