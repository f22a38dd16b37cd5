import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderWhilePostgresDies, orderWhilePostgresIsFrozen } from '../support/postgres-kills.ts';

test('60 kills of Postgres, half of them as the worker pools begin, and 20 restarts under load end no process and lose nothing', async (t) => {
  const times = await orderWhilePostgresDies(t, { processes: 4, kills: 30, killsAgain: 30, restarts: 20 });
  t.diagnostic(JSON.stringify(times));
  assert.ok(times.firstOrderMs <= 3_000, `the first order took ${times.firstOrderMs} ms`);
  assert.ok(times.ticketsMs <= 60_000, `the tickets took ${times.ticketsMs} ms`);
});

test('Postgres frozen for 20 s: orders, tickets and slips go on by themselves within 5 s', async (t) => {
  const tookMs = await orderWhilePostgresIsFrozen(t, 20_000);
  t.diagnostic(`${tookMs.toFixed(0)} ms after the thaw`);
  assert.ok(tookMs <= 5_000, `${tookMs} ms`);
});
