import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createHttpServer } from '../../src/platform/http/server.ts';
import { captureLog } from '../support/log.ts';

const slowHeads = { headersTimeoutMs: 100, checkEveryMs: 20 };

for (const [what, says] of [
  ['that never says anything', ''],
  ['with half a head', 'POST /orders HTTP/1.1\r\nhost: slow\r\nx-'],
  [
    'with half a body',
    'POST /orders HTTP/1.1\r\nhost: slow\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{"a"',
  ],
] as const) {
  test(`a connection ${what} is cut off by the bounds of the config, and not half a minute later`, async (t) => {
    const http = createHttpServer({ logger: captureLog().log, bodyBytesMax: 1_000, requestTimeoutMs: 200, slowHeads });
    http.post('/orders', async () => 'ok');
    const { port } = new URL(await http.listen({ port: 0, host: '127.0.0.1' }));
    t.after(() => http.close());
    const socket = connect({ port: Number(port), host: '127.0.0.1' });
    socket.on('error', () => {});
    if (says) socket.write(says);
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
    });
    const lookEveryMs = 30_000;
    const openedMs = performance.now();
    await new Promise((resolve) => socket.once('close', resolve));
    // Node's own look comes each half minute, so this says which of the two it was, and not how quick the machine is.
    assert.ok(performance.now() - openedMs < lookEveryMs - 5_000);
    assert.match(answer, /^HTTP\/1\.1 408 /);
  });
}

test('who sends a request in time is answered, and the connection may then rest longer than a head may take', async (t) => {
  const http = createHttpServer({ logger: captureLog().log, bodyBytesMax: 1_000, requestTimeoutMs: 200, slowHeads });
  http.get('/', async () => 'ok');
  let looks = 0;
  const { port } = new URL(await http.listen({ port: 0, host: '127.0.0.1' }));
  t.after(() => http.close());
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  t.after(async () => void socket.destroy());
  const ask = async () => {
    socket.write('GET / HTTP/1.1\r\nhost: quick\r\n\r\n');
    const bytes = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    assert.match(bytes.toString(), /^HTTP\/1\.1 200 /);
  };
  await ask();
  // Twice as long as a head may take, by the looks of the same clock.
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      looks += 1;
      if (looks < 10) return;
      clearInterval(look);
      resolve();
    }, slowHeads.checkEveryMs);
  });
  await ask();
});
