import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { startApiProcesses } from '../support/processes.ts';
import { startRedis } from '../support/services.ts';
import { watchFreshness } from './freshness.ts';
import { dishOf, dropping, menuPath, openShops } from './scene.ts';

/** Over three processes each dish has changed several times by then; the long version writes for minutes. */
const WRITES = 16;

const WAYS: Record<string, (t: TestContext) => Promise<Record<string, string>>> = {
  'memory only, every message lost': async () => ({ ...dropping(1) }),
  'Redis as second tier and bus, a tenth of the messages lost': async (t) => {
    const { url } = await startRedis(t);
    return { CACHE: 'tiered', REDIS_URL: url, ...dropping(0.1) };
  },
};

// That it takes a second at most is proved by a clock moved by hand in event-cache.test.ts, and by the long version of this.
for (const [way, environment] of Object.entries(WAYS)) {
  test(`every change comes into every process's menu, whole: ${way}`, async (t) => {
    const { url, stores } = await openShops(t, 3);
    const processes = await startApiProcesses(t, url, 3, await environment(t));
    const { prices, ...result } = await watchFreshness(t, processes, stores, WRITES);
    t.diagnostic(JSON.stringify(result));
    assert.ok(result.reads > result.writes, 'hardly anything was read');
    assert.ok(result.sold > 0, 'nothing was sold');
    assert.equal(result.torn, 0);
    for (const { client } of processes) {
      for (const store of stores) {
        const changed = [store.dishes.soup, store.dishes.rice].filter(({ id }) => prices.has(id));
        await eventually(async () => {
          const { body } = await client.call(menuPath(store));
          for (const { id } of changed) assert.equal(dishOf(body, id).price, prices.get(id));
        });
      }
    }
  });
}
