import { test } from 'node:test';
import { BOUNDS } from '../../src/config.ts';
import { orderWhilePostgresDies, orderWhilePostgresIsFrozen } from '../support/postgres-kills.ts';

test('Postgres killed, killed again as the worker pools begin, and restarted: no process ends, each order has its tickets', async (t) => {
  const times = await orderWhilePostgresDies(t, { processes: 2, kills: 2, killsAgain: 2, restarts: 1 });
  t.diagnostic(JSON.stringify(times));
});

test('Postgres frozen for longer than a worker pool waits for an answer: orders, tickets and slips go on by themselves', async (t) => {
  const tookMs = await orderWhilePostgresIsFrozen(t, BOUNDS.jobs.pool.silenceMs + 1_000);
  t.diagnostic(`${tookMs.toFixed(0)} ms after the thaw`);
});
