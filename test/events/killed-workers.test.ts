import { test } from 'node:test';
import { orderWhileWorkersDie } from './killed-workers.ts';

test('hundreds of orders while workers are killed: each has exactly its tickets, slips and counts', (t) =>
  orderWhileWorkersDie(t, { orders: 300, killsMin: 3, killEveryMs: 50 }));
