import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { eventually } from '../../../test/support/eventually.ts';
import { atEndOf, type Lifetime } from '../../../test/support/lifetime.ts';
import { captureLog } from '../../../test/support/log.ts';
import { installFastPath } from './fast-path/fast-path.ts';
import { KEEP_ALIVE_MS, WireAnswer } from './fast-path/wire-answer.ts';
import { Problem } from './problem.ts';
import { createHttpServer, type HttpServer } from './server.ts';

function openServer(t: Lifetime): { http: HttpServer; lines: readonly string[]; counted: string[] } {
  const { log, lines } = captureLog();
  const counted: string[] = [];
  const problems = { counted: (type: string) => void counted.push(type) };
  const http = createHttpServer({
    logger: log,
    bodyBytesMax: 1_000,
    requestTimeoutMs: 60_000,
    closeWithinMs: 0,
    problems,
  });
  atEndOf(t, () => http.close());
  return { http, lines, counted };
}

test('a connection rests longer than its client was told, whoever answered on it', async (t) => {
  const { http } = openServer(t);
  http.get('/parsed', async () => 'ok');
  const path = installFastPath({
    server: http.server,
    ready: ({ url }) => (url === '/ready' ? new WireAnswer(200, ['content-length', '0']) : undefined),
    admission: { refusalOf: () => undefined },
    silenceMs: 60_000,
  });
  atEndOf(t, async () => path.close());
  const { port } = new URL(await http.listen({ port: 0, host: '127.0.0.1' }));
  const accepted = once(http.server, 'connection') as Promise<[Socket]>;
  const client = connect({ port: Number(port), host: '127.0.0.1' });
  atEndOf(t, async () => void client.destroy());
  const [resting] = await accepted;
  for (const asked of ['/ready', '/parsed', '/ready', '/parsed']) {
    client.write(`GET ${asked} HTTP/1.1\r\nhost: a\r\n\r\n`);
    const [answer] = (await once(client, 'data')) as [Buffer];
    assert.match(String(answer), new RegExp(`^keep-alive: timeout=${KEEP_ALIVE_MS / 1_000}\r$`, 'im'), asked);
    // A busy client is late by seconds, and what it sends then must not be reset.
    await eventually(() => assert.ok(resting.timeout! >= KEEP_ALIVE_MS + 5_000, `${asked}: ${resting.timeout}`));
  }
});

test('that it is full pages nobody, a dependency that is away is a warning once in a while, a fault of ours an error each', async (t) => {
  const all: string[] = [];
  const levelsOf = async (path: string, error: Error): Promise<number[]> => {
    const { http, lines, counted } = openServer(t);
    http.get(path, () => {
      throw error;
    });
    for (let times = 0; times < 3; times += 1) await http.inject(path);
    all.push(...counted);
    return lines.map((line) => JSON.parse(line).level);
  };
  assert.deepEqual(await levelsOf('/full', new Problem('busy', { retryAfterS: 1 })), [30]);
  assert.deepEqual(await levelsOf('/away', new Problem('unavailable', { retryAfterS: 1 })), [40]);
  assert.deepEqual(await levelsOf('/fault', new Error('x')), [50, 50, 50]);
  assert.deepEqual(all.slice(0, 6), ['busy', 'busy', 'busy', 'unavailable', 'unavailable', 'unavailable']);
});
