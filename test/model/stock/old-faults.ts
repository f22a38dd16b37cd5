import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { proveStock } from './prove-stock.ts';
import type { StockProcess } from './stock-process.ts';

/** It ends with the first thing that is wrong. */
const SIZE = { stores: 6, rounds: 60, steps: 20 };

/** What was wrong once, put back into the statements of a copy: each must be noticed. */
const OLD_FAULTS: Readonly<Record<string, readonly [right: string, wrong: string]>> = {
  'a cancel gives a count what was never taken from it': ['s.count = l.from_count', 'true'],
  'a cancel gives nothing back': ['sold = s.sold - CASE WHEN s.day = $3 THEN l.portions ELSE 0 END', 'sold = s.sold'],
  'a limit that is lowered and raised gives portions twice': [
    'ELSE s.offered + c.new - c.old END',
    'ELSE s.sold + greatest(0, s.offered - s.sold + c.new - c.old) END',
  ],
  'unlimited and back forgets what was sold': [
    'c.old IS NULL OR s.offered IS NULL THEN c.new',
    'c.old IS NULL OR s.offered IS NULL THEN c.new + s.sold',
  ],
  'a late return forgets the morning’s sales': [
    'SET count = t.count, day = t.day,',
    'SET count = t.count, day = s.day,',
  ],
  'a return that comes twice gives portions twice': ['AND k.day < t.day', 'AND k.day <= t.day'],
  'a count that begins at noon forgets the morning': [
    'coalesce(sum(l.quantity), 0)::int FROM orders o',
    '0 * coalesce(sum(l.quantity), 0)::int FROM orders o',
  ],
  'counting anew goes on with the count of before': ['count = count + (offered IS NULL)::int', 'count = count'],
  'setting a number overwrites what was sold': ['offered = sold + $3', 'offered = $3, sold = 0'],
  'a hand-made count starts over with the day': ['ELSE k.offered - k.sold END', 'ELSE k.offered END'],
  'lines do not know what they took': ['$8::int[])', 'array_fill(NULL::int, ARRAY[cardinality($8::int[])]))'],
};

/** The same for what was decided before any statement. */
const OLD_DECISIONS: Readonly<Record<string, (process: StockProcess) => StockProcess>> = {
  'cooked portions can be sold again': (process) => ({
    ...process,
    cancel: (storeId, id, returnPortions = true) => process.cancel(storeId, id, returnPortions),
  }),
  'a change overwrites the sale that came between': (process) => ({
    ...process,
    change: (storeId, itemId, { expected: _, ...change }) => process.change(storeId, itemId, change),
  }),
};

/**
 * Each old fault, put back, must be noticed.
 * @param faults by their names; unset: all
 */
export function oldFaultSuite(faults: readonly string[] = Object.keys({ ...OLD_FAULTS, ...OLD_DECISIONS })): void {
  for (const fault of faults) {
    test(`it finds the old fault: ${fault}`, (t) =>
      fault in OLD_FAULTS ? findsStatement(t, OLD_FAULTS[fault]!) : findsDecision(t, OLD_DECISIONS[fault]!));
  }
}

async function findsStatement(t: TestContext, [right, wrong]: readonly [string, string]): Promise<void> {
  let planted = 0;
  const patch = (sql: string): string => {
    if (!sql.includes(right)) return sql;
    planted += 1;
    return sql.replaceAll(right, wrong);
  };
  await assert.rejects(proveStock(t, { ...SIZE, patch }), { name: /^(AssertionError|Problem)$/ });
  assert.ok(planted > 0, 'the fault was never in use');
}

async function findsDecision(t: TestContext, wrap: (process: StockProcess) => StockProcess): Promise<void> {
  await assert.rejects(proveStock(t, { ...SIZE, wrap }), { name: 'AssertionError' });
}
