import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { startTestApp } from '../support/app.ts';
import { createClient } from '../support/client.ts';
import { startNginx } from '../support/services.ts';
import { makeStore } from '../support/store.ts';

const CONFIG = new URL('../../deploy/nginx/matjip.conf', import.meta.url);

/** The example as it is shipped, with this test's ports and folder in it. */
export async function behindNginx(t: TestContext) {
  const matjip = await startTestApp(t);
  const shipped = await readFile(CONFIG, 'utf8');
  const nginx = await startNginx(t, (port, folder) => {
    const site = [
      ['listen 8080;', `listen 127.0.0.1:${port};`],
      ['server 127.0.0.1:3000;', `server ${new URL(matjip.app.url).host};`],
      ['/var/cache/nginx/matjip', `${folder}/cache`],
    ].reduce((text, [from, to]) => {
      assert.ok(text.includes(from!), `the example lacks "${from}"`);
      return text.replace(from!, to!);
    }, shipped);
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
      .join(' ');
    return `events { worker_connections 4096; } http { access_log off; ${folders} ${site} }`;
  });
  const client = createClient(nginx.url);
  t.after(() => client.close());
  const store = await makeStore(matjip.db, { soup: { price: 9_000 } });
  return { matjip, client, store };
}
