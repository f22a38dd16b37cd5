import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSiteOnExternalPostgres, openSiteWithEmbeddedPostgres } from '../support/killable-site.ts';
import {
  orderWhilePostgresDies,
  orderWhilePostgresIsFrozen,
  type PostgresKillsTimes,
} from '../support/postgres-kills.ts';

function assertInTime(times: PostgresKillsTimes): void {
  assert.ok(times.firstOrderOwnMs <= 3_000, `the first order took ${times.firstOrderOwnMs} ms more than a bare commit`);
  assert.ok(times.ticketsMs <= 60_000, `the tickets took ${times.ticketsMs} ms`);
}

test('60 kills of Postgres, half of them as the worker pools begin, and 20 restarts under load end no process and lose nothing', async (t) => {
  const site = await openSiteOnExternalPostgres(t, 4);
  const times = await orderWhilePostgresDies(t, site, { kills: 30, killsAgain: 30, restarts: 20 });
  t.diagnostic(JSON.stringify(times));
  assertInTime(times);
});

test('60 kills of an embedded Postgres, half of them as the worker pools begin, and 20 stops under load: the same', async (t) => {
  const site = await openSiteWithEmbeddedPostgres(t, 2);
  const times = await orderWhilePostgresDies(t, site, { kills: 30, killsAgain: 30, restarts: 20 });
  t.diagnostic(JSON.stringify(times));
  assertInTime(times);
});

test('Postgres frozen for 20 s: orders, tickets and slips go on by themselves within 5 s', async (t) => {
  const tookMs = await orderWhilePostgresIsFrozen(t, 20_000);
  t.diagnostic(`${tookMs.toFixed(0)} ms after the thaw`);
  assert.ok(tookMs <= 5_000, `${tookMs} ms`);
});
