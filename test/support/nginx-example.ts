import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fill } from './services.ts';

const shipped = (name: string) => readFileSync(new URL(`../../deploy/nginx/${name}`, import.meta.url), 'utf8');

/**
 * The example as it is shipped, for `startNginx`: with a test's ports and folder in it, and room for 12,000 phones.
 * @param hosts host and port of each Matjip behind it
 */
export const nginxExample =
  (...hosts: readonly string[]) =>
  (port: number, folder: string): string => {
    for (const name of ['matjip-nodes.conf', 'matjip-menu-nodes.conf', 'matjip-stream-nodes.conf']) {
      const nodes = shipped(name);
      assert.ok(nodes.includes('server 127.0.0.1:3000 '), 'the example lacks its node');
      writeFileSync(`${folder}/${name}`, hosts.map((host) => nodes.replaceAll('127.0.0.1:3000', host)).join('\n'));
    }
    const site = fill(shipped('matjip.conf'), {
      'listen 8080 ': `listen 127.0.0.1:${port} `,
      '/var/cache/nginx/matjip': `${folder}/cache`,
    });
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
      .join(' ');
    return `pcre_jit on; worker_priority -5; worker_rlimit_nofile 20000; events { worker_connections 19000; } http { access_log off; ${folders} ${site} }`;
  };
