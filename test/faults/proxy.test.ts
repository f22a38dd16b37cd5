import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { startProxy } from '../../faults/kit/proxy.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';

let heard = '';
const echo = createServer((socket) => {
  socket
    .on('error', () => {})
    .on('data', (bytes) => {
      heard += bytes;
      socket.write(bytes);
    });
}).listen(0, '127.0.0.1');
await once(echo, 'listening');
const proxy = await startProxy({ after }, `tcp://127.0.0.1:${(echo.address() as AddressInfo).port}`);
atEndOf({ after }, async () => void echo.close());

interface Phone {
  readonly socket: Socket;
  text: string;
  error: string;
}

async function dial(): Promise<Phone> {
  const phone: Phone = { socket: connect(Number(new URL(proxy.url).port), '127.0.0.1'), text: '', error: '' };
  atEndOf({ after }, async () => void phone.socket.destroy());
  phone.socket
    .on('data', (bytes) => {
      phone.text += bytes;
    })
    .on('error', (error: NodeJS.ErrnoException) => {
      phone.error = error.code ?? '';
    });
  await once(phone.socket, 'connect');
  return phone;
}

/** What is said on another line is heard, so what was said before on this one would have been, too. */
async function talkElsewhere(): Promise<void> {
  const other = await dial();
  other.socket.write('hello');
  await eventually(() => assert.equal(other.text, 'hello'));
  other.socket.destroy();
}

test('a slow and thin line brings everything, in its order', async () => {
  Object.assign(proxy, { delayMs: 5, bytesPerSecond: 50_000 });
  const phone = await dial();
  const words = Array.from({ length: 50 }, (_, place) => `word ${place}, `);
  for (const word of words) phone.socket.write(word);
  await eventually(() => assert.equal(phone.text, words.join('')));
  Object.assign(proxy, { delayMs: 0, bytesPerSecond: 0 });
  phone.socket.destroy();
});

test('a half-open line is heard and hears nothing; a black hole is neither heard nor closed; a reset is heard by both', async () => {
  const halfOpen = await dial();
  await eventually(() => assert.equal(proxy.lines.size, 1));
  for (const line of proxy.lines) line.silence('in');
  halfOpen.socket.write('is anybody there?');
  await eventually(() => assert.match(heard, /is anybody there/));
  proxy.leads = false;
  const hole = await dial();
  hole.socket.write('or here?');
  await eventually(() => [...proxy.lines].some(({ said }) => said === 'or here?'));
  proxy.leads = true;
  await talkElsewhere();
  assert.deepEqual([halfOpen.text, hole.text, halfOpen.error, hole.error], ['', '', '', '']);
  assert.doesNotMatch(heard, /or here/);
  proxy.resetAll();
  await eventually(() => assert.deepEqual([halfOpen.error, hole.error], ['ECONNRESET', 'ECONNRESET']));
});
