import { test } from 'node:test';
import { proveLedger } from './prove-ledger.ts';

test('after 3,000 operations through three processes of different intakes the books balance', (t) =>
  proveLedger(t, { operations: 3_000, stores: 3, people: 96 }));
