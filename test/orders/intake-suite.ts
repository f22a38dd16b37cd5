import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { startTestApp, TestAppOptions } from '../support/app.ts';
import { testAccepted } from './suite/accepted.ts';
import { testMalformed } from './suite/malformed.ts';
import { testRefused } from './suite/refused.ts';
import { setScene } from './suite/scene.ts';

/** What a client may rely on when it orders, whichever intake answers. */
export async function testIntake(t: Parameters<typeof startTestApp>[0], options: TestAppOptions): Promise<void> {
  const scene = await setScene(t, options);
  const { app } = scene;
  testAccepted(scene);
  testRefused(scene);
  testMalformed(scene);

  test('refusals are counted by reason, and none left an error or a stack trace in the log', async () => {
    const { body } = await app.client.call('/metrics');
    for (const reason of ['sold-out', 'price-changed', 'store-closed', 'key-reused', 'invalid']) {
      assert.match(body, new RegExp(`matjip_orders_refused_total\\{reason="${reason}"\\} [1-9]`));
    }
    for (const name of ['group_size', 'wait_seconds', 'commit_seconds']) {
      assert.match(body, new RegExp(`matjip_intake_${name}_count [1-9]`));
    }
    const lines = app.logLines.filter((each) => JSON.parse(each).level >= 50 || /\bat .+:\d+:\d+/.test(each));
    assert.deepEqual(lines, []);
  });
}
