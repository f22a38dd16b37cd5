import { test } from 'node:test';
import { proveLedger } from './prove-ledger.ts';

test('after 200,000 operations through three processes of different intakes the books balance', (t) =>
  proveLedger(t, { operations: 200_000, stores: 16, people: 320 }));
