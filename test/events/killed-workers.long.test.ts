import { test } from 'node:test';
import { orderWhileWorkersDie } from './killed-workers.ts';

test('100,000 orders while workers are killed every second or two: each has exactly its tickets, slips and counts', (t) =>
  orderWhileWorkersDie(t, {
    orders: Number(process.env.MATJIP_LONG_ORDERS ?? 100_000),
    killsMin: 10,
    killEveryMs: 1_000,
  }));
