import type { TestContext } from 'node:test';
import { startTestApp } from '../support/app.ts';
import { createClient } from '../support/client.ts';
import { nginxExample } from '../support/nginx-example.ts';
import { startNginx } from '../support/services.ts';
import { makeStore } from '../support/store.ts';

/** The example as it is shipped, with this test's ports and folder in it. */
export async function behindNginx(t: TestContext) {
  const matjip = await startTestApp(t);
  const nginx = await startNginx(t, nginxExample(new URL(matjip.app.url).host));
  const client = createClient(nginx.url);
  t.after(() => client.close());
  const store = await makeStore(matjip.db, { soup: { price: 9_000 } });
  return { matjip, client, store };
}
