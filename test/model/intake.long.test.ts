import { test } from 'node:test';
import { proveLedger } from './prove-ledger.ts';

/** Fewer for a try: `MODEL_OPERATIONS=20000 npm test -- test/model/intake.long.test.ts`. */
const operations = Number(process.env.MODEL_OPERATIONS ?? 200_000);

test(`after ${operations} operations through three processes of different intakes the books balance`, (t) =>
  proveLedger(t, { operations, stores: 16, people: 320 }));
