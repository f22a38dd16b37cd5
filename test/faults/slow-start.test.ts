import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Line, startProxy, type TcpProxy } from '../../faults/kit/proxy.ts';
import { START_TRIES_MAX } from '../../src/platform/processes/retry-start.ts';
import { startNode } from '../support/child.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { testDatabase } from '../support/postgres.ts';
import { startServed } from '../support/served.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** What a Postgres says that has no time for whoever dials: a real one says it of its own accord after `authentication_timeout`. */
const TOO_SLOW = (() => {
  const fields = ['SFATAL', 'VFATAL', 'C57014', 'Mcanceling authentication due to timeout', ''].map(
    (each) => `${each}\0`,
  );
  const text = Buffer.from(fields.join(''));
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
})();

/** Postgres behind a line on which the first of those who dial, by what they are called, hear that it is too slow. */
async function slowAtFirst(t: Lifetime, isRefused: (line: Line) => boolean): Promise<TcpProxy> {
  const { url } = await testDatabase();
  const proxy = await startProxy(t, url);
  const refused = new Map<Line, boolean>();
  proxy.rules.add({
    fromService(_, line) {
      if (!refused.has(line)) refused.set(line, isRefused(line));
      return refused.get(line) ? TOO_SLOW : 'pass';
    },
  });
  return proxy;
}

const TRIED_AGAIN = /the start is tried again/g;

test('a start is tried again whose migrations or job queue the database had no time for, and each time is told', async (t) => {
  let migrations = 0;
  let jobs = 0;
  const proxy = await slowAtFirst(t, ({ said }) => (said.includes('matjip migrate') ? migrations++ < 2 : jobs++ < 1));
  const served = await startServed(t, { DATABASE_URL: proxy.url });
  assert.equal(served.said().match(TRIED_AGAIN)?.length, 3, served.said());
  assert.equal((await served.client.call('/api/v1/stores')).status, 200);
});

test('so is that of a process that only works jobs off', async (t) => {
  let dialled = 0;
  const proxy = await slowAtFirst(t, () => dialled++ < 1);
  const worker = startNode(t, [MAIN, 'work'], { env: { ...process.env, DATABASE_URL: proxy.url, LOG_LEVEL: 'info' } });
  await worker.says(/Working\./);
  assert.equal(worker.said().match(TRIED_AGAIN)?.length, 1, worker.said());
});

test('a database that never has time ends the start after so many tries, in one line that says why', async (t) => {
  const proxy = await slowAtFirst(t, () => true);
  const server = startNode(t, [MAIN, 'serve'], {
    env: { ...process.env, DATABASE_URL: proxy.url, PORT: '0', MATJIP_HOME: await mkdtemp(join(tmpdir(), 'matjip-')) },
  });
  const [code] = await server.ended;
  assert.equal(code, 1);
  assert.equal(server.said().match(TRIED_AGAIN)?.length, START_TRIES_MAX - 1);
  assert.match(server.said().trim().split('\n').at(-1)!, /canceling authentication due to timeout/);
});
