import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WRITE_EVERY_MS, watchFreshness } from '../cache/freshness.ts';
import { openShops } from '../cache/scene.ts';
import { createClient } from '../support/client.ts';
import { nginxExample } from '../support/nginx-example.ts';
import { startApiProcesses } from '../support/processes.ts';
import { startNginx, startRedis } from '../support/services.ts';

const DURATION_S = Number(process.env.FRESHNESS_SECONDS ?? 120);

test(`${DURATION_S} s of random writes to two nodes behind nginx: no menu that it gives is older than the nodes’ second and its half`, async (t) => {
  const { url, stores } = await openShops(t, 5);
  const redis = await startRedis(t);
  const nodes = await startApiProcesses(t, url, 2, {
    PATIENT: 'no',
    CACHE: 'tiered',
    REDIS_URL: redis.url,
    TRUST_PROXY: 'loopback',
  });
  const nginx = await startNginx(t, nginxExample(...nodes.map((node) => new URL(node.url).host)));
  const client = createClient(nginx.url);
  t.after(() => client.close());
  const writes = (DURATION_S * 1_000) / WRITE_EVERY_MS;
  const { prices: _, ...result } = await watchFreshness(t, nodes, stores, writes, [{ client }, { client }]);
  t.diagnostic(JSON.stringify(result));
  assert.equal(result.torn, 0);
  const { oldestMs, slowestMs } = result;
  assert.ok(
    oldestMs <= 1_500 + slowestMs,
    `a menu was ${oldestMs} ms old, and the slowest answer took ${slowestMs} ms`,
  );
});
