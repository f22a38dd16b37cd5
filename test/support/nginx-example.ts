import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const CONFIG = new URL('../../deploy/nginx/matjip.conf', import.meta.url);

/**
 * The example as it is shipped, for `startNginx`: with a test's ports and folder in it, and room for 12,000 phones.
 * @param host host and port of the Matjip behind it
 */
export const nginxExample =
  (host: string) =>
  (port: number, folder: string): string => {
    const site = [
      ['listen 8080 ', `listen 127.0.0.1:${port} `],
      ['server 127.0.0.1:3000;', `server ${host};`],
      ['/var/cache/nginx/matjip', `${folder}/cache`],
    ].reduce(
      (text, [from, to]) => {
        assert.ok(text.includes(from!), `the example lacks "${from}"`);
        return text.replace(from!, to!);
      },
      readFileSync(CONFIG, 'utf8'),
    );
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
      .join(' ');
    return `worker_rlimit_nofile 20000; events { worker_connections 19000; } http { access_log off; ${folders} ${site} }`;
  };
