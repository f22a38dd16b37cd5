import { test } from 'node:test';
import { orderWhilePostgresDies } from './postgres-kills.ts';

test('Postgres killed, killed again as the worker pools begin, and restarted: no process ends, each order has its tickets', async (t) => {
  const times = await orderWhilePostgresDies(t, { processes: 2, kills: 2, killsAgain: 2, restarts: 1 });
  t.diagnostic(JSON.stringify(times));
});
