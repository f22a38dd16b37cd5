import { test } from 'node:test';
import { BOUNDS } from '../../src/config.ts';
import { openSiteOnExternalPostgres, openSiteWithEmbeddedPostgres } from '../support/killable-site.ts';
import { orderWhilePostgresDies, orderWhilePostgresIsFrozen } from '../support/postgres-kills.ts';

test('Postgres killed, killed again as the worker pools begin, and restarted: no process ends, each order has its tickets', async (t) => {
  const site = await openSiteOnExternalPostgres(t, 2);
  t.diagnostic(JSON.stringify(await orderWhilePostgresDies(t, site, { kills: 2, killsAgain: 2, restarts: 1 })));
});

test('An embedded Postgres killed, killed again as the worker pools begin, and stopped: it comes back, and the same holds', async (t) => {
  const site = await openSiteWithEmbeddedPostgres(t, 1);
  t.diagnostic(JSON.stringify(await orderWhilePostgresDies(t, site, { kills: 1, killsAgain: 1, restarts: 1 })));
});

test('Postgres frozen for longer than a worker pool waits for an answer: orders, tickets and slips go on by themselves', async (t) => {
  const tookMs = await orderWhilePostgresIsFrozen(t, BOUNDS.jobs.pool.silenceMs + 1_000);
  t.diagnostic(`${tookMs.toFixed(0)} ms after the thaw`);
});
