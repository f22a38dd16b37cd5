import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServed } from '../support/served.ts';
import { fallSilent, UNFINISHED, type Unfinished } from '../support/unfinished-requests.ts';

/** Supervisors and containers kill after this long. */
const STOPPED_WITHIN_MS = 10_000;

for (const workers of [1, 2]) {
  for (const kind of Object.keys(UNFINISHED) as Unfinished[]) {
    test(`\`matjip serve\` with ${workers} workers and its own Postgres stops within 10 s beside a client that ${kind}`, async (t) => {
      const served = await startServed(t, { WORKERS: String(workers) });
      const { closed } = await fallSilent(t, served.url, kind);
      for (let times = 0; times < 5; times += 1) assert.equal((await served.client.call('/healthz')).status, 200);
      const fromMs = performance.now();
      served.signal('SIGTERM');
      assert.equal(await served.ended, 0);
      const tookMs = performance.now() - fromMs;
      await closed;
      t.diagnostic(`${tookMs.toFixed(0)} ms, ${(tookMs / STOPPED_WITHIN_MS).toFixed(2)} of what is promised`);
      assert.ok(tookMs <= STOPPED_WITHIN_MS, `${tookMs} ms`);
    });
  }
}
