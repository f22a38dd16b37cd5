import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { createHttpServer } from '../../src/platform/http/server.ts';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';
import { captureLog } from '../support/log.ts';

/** As short as `BOUNDS.slowHeads` are long, and looked for as often. */
const SHORT = { headersTimeoutMs: 100, checkEveryMs: 20 };
/** Long enough that whoever is quick is in time on a machine that stood still for a moment. */
const BEARABLE = { headersTimeoutMs: 3_000, checkEveryMs: 50 };

async function serve(t: Lifetime, slowHeads?: typeof SHORT) {
  const http = createHttpServer({
    logger: captureLog().log,
    bodyBytesMax: 1_000,
    requestTimeoutMs: 2 * (slowHeads ?? SHORT).headersTimeoutMs,
    closeWithinMs: 0,
    problems: { counted() {} },
    ...(slowHeads && { slowHeads }),
  });
  http.get('/', async () => 'ok');
  http.post('/orders', async () => 'ok');
  const { port } = new URL(await http.listen({ port: 0, host: '127.0.0.1' }));
  atEndOf(t, () => http.close());
  /** Connects and says this. */
  return (says: string): Socket => {
    const socket = connect({ port: Number(port), host: '127.0.0.1' });
    atEndOf(t, async () => void socket.destroy());
    socket.on('error', () => {});
    if (says) socket.write(says);
    return socket;
  };
}

const cutOff = async (socket: Socket): Promise<string> => {
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
};

const HEAD = 'POST /orders HTTP/1.1\r\nhost: slow\r\n';
for (const [what, says] of [
  ['that never says anything', ''],
  ['with half a head', `${HEAD}x-`],
  ['with half a body', `${HEAD}content-type: application/json\r\ncontent-length: 20\r\n\r\n{"a"`],
] as const) {
  test(`a connection ${what} is cut off when the config says, and not when Node next looks`, async (t) => {
    // Begun first, so that by Node's own half minute it would also end first.
    const byNode = (await serve(t))(says);
    let nodeLooked = false;
    byNode.once('close', () => {
      nodeLooked = true;
    });
    const [head = '', body = ''] = (await cutOff((await serve(t, SHORT))(says))).split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 408 .*\r\n(.*\r\n)*content-type: application\/problem\+json/i);
    const problem = JSON.parse(body) as { type: string; status: number };
    assert.deepEqual([problem.type, problem.status], ['request-timeout', 408]);
    assert.equal(nodeLooked, false);
  });
}

test('who sends a request in time is answered, and the connection may then rest longer than a head may take', async (t) => {
  const open = await serve(t, BEARABLE);
  const quick = open('');
  const ask = async (): Promise<void> => {
    quick.write('GET / HTTP/1.1\r\nhost: quick\r\n\r\n');
    const bytes = await new Promise<Buffer>((resolve) => quick.once('data', resolve));
    assert.match(bytes.toString(), /^HTTP\/1\.1 200 /);
  };
  await ask();
  // Opened after it began to rest, so when this one is cut off it has rested for longer than a head may take.
  await cutOff(open(''));
  await ask();
});
