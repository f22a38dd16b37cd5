import { test } from 'node:test';
import { proveRanking } from './prove-ranking.ts';

test('after 100,000 random orders and cancels and lost changes and flushes of Redis each ranking is what one plain statement counts', async (t) => {
  await proveRanking(t, { orders: 100_000, stores: 8 });
});
