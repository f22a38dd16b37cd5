import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oldFaultSuite } from './stock/old-faults.ts';
import { proveStock } from './stock/prove-stock.ts';

/** Fewer for a try: `MODEL_OPERATIONS=20000 npm test -- test/model/stock.long.test.ts`. */
const wanted = Number(process.env.MODEL_OPERATIONS ?? 200_000);
/** A round of 25 steps of each store is somewhat more. */
const OPERATIONS_A_ROUND = 60 * 30;

/** Some hundred a second, by what the machine has to do beside it. */
const ENDS_WITHIN_MS = 2 * 3_600_000;

test(`after ${wanted} operations on the stock the books balance`, { timeout: ENDS_WITHIN_MS }, async (t) => {
  const operations = await proveStock(t, { stores: 60, rounds: Math.ceil(wanted / OPERATIONS_A_ROUND), steps: 25 });
  t.diagnostic(`${operations} operations`);
  assert.ok(operations >= wanted, `${operations}`);
});

oldFaultSuite();
