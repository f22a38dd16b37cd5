import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApiProcesses } from '../support/processes.ts';
import { startRedis } from '../support/services.ts';
import { watchFreshness } from './freshness.ts';
import { dropping, openShops } from './scene.ts';

const DURATION_S = Number(process.env.FRESHNESS_SECONDS ?? 600);

test(`${DURATION_S} s of random writes, 4 processes, a tenth of the messages lost: nothing older than a second`, async (t) => {
  const { url, stores } = await openShops(t, 5);
  const redis = await startRedis(t);
  const processes = await startApiProcesses(t, url, 4, { CACHE: 'tiered', REDIS_URL: redis.url, ...dropping(0.1) });
  const result = await watchFreshness(processes, stores, DURATION_S * 1_000);
  t.diagnostic(JSON.stringify(result));
  assert.equal(result.torn, 0);
  assert.ok(result.oldestMs <= 1_000, `a menu was ${result.oldestMs} ms old`);
});
