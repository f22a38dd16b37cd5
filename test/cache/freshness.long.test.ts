import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApiProcesses } from '../support/processes.ts';
import { startRedis } from '../support/services.ts';
import { WRITE_EVERY_MS, watchFreshness } from './freshness.ts';
import { dropping, openShops } from './scene.ts';

const DURATION_S = Number(process.env.FRESHNESS_SECONDS ?? 600);

test(`${DURATION_S} s of random writes, 4 processes, a tenth of the messages lost: nothing older than a second`, async (t) => {
  const { url, stores } = await openShops(t, 5);
  const redis = await startRedis(t);
  const processes = await startApiProcesses(t, url, 4, {
    PATIENT: 'no',
    CACHE: 'tiered',
    REDIS_URL: redis.url,
    ...dropping(0.1),
  });
  const { prices: _, ...result } = await watchFreshness(t, processes, stores, (DURATION_S * 1_000) / WRITE_EVERY_MS);
  t.diagnostic(JSON.stringify(result));
  assert.equal(result.torn, 0);
  const { oldestMs, slowestMs } = result;
  assert.ok(
    oldestMs <= 1_000 + slowestMs,
    `a menu was ${oldestMs} ms old, and the slowest answer took ${slowestMs} ms`,
  );
});
