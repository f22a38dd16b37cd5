import { test } from 'node:test';
import { proveLedger } from './prove-ledger.ts';

/** Enough that each answer is given ten times and more; the long proof has two hundred thousand. */
test('after 1,800 operations through three processes of different intakes the books balance', (t) =>
  proveLedger(t, { operations: 1_800, stores: 3, people: 96 }));
