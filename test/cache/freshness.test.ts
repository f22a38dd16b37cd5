import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startApiProcesses } from '../support/processes.ts';
import { startMemcached, startRedis } from '../support/services.ts';
import { watchFreshness } from './freshness.ts';
import { dropping, openShops } from './scene.ts';

const SHORT_MS = 6_000;
const VISIBLE_WITHIN_MS = 1_000;

const WAYS: Record<string, (t: TestContext) => Promise<Record<string, string>>> = {
  'memory only, a tenth of the messages lost': async () => ({ ...dropping(0.1) }),
  'memory only, every message lost': async () => ({ ...dropping(1) }),
  'Redis as second tier and bus, a tenth of the messages lost': async (t) => {
    const { url } = await startRedis(t);
    return { CACHE: 'tiered', REDIS_URL: url, ...dropping(0.1) };
  },
  'Memcached as second tier, every message lost': async (t) => {
    const { url } = await startMemcached(t);
    return { CACHE: 'tiered', CACHE_URL: url, ...dropping(1) };
  },
};

for (const [way, environment] of Object.entries(WAYS)) {
  test(`a change is in every process's menu within a second: ${way}`, async (t) => {
    const { url, stores } = await openShops(t, 3);
    const processes = await startApiProcesses(t, url, 4, await environment(t));
    const result = await watchFreshness(processes, stores, SHORT_MS);
    t.diagnostic(JSON.stringify(result));
    assert.ok(result.reads > result.writes, 'hardly anything was read');
    assert.equal(result.torn, 0);
    assert.ok(result.oldestMs <= VISIBLE_WITHIN_MS, `a menu was ${result.oldestMs} ms old`);
  });
}
