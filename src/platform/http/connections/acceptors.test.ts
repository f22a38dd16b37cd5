import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { eventually } from '../../../../test/support/eventually.ts';
import { openAcceptors } from './acceptors.ts';

test('a process whose turns are long takes a crowd in within a few of them, and closes with all of its sockets', {
  skip: process.platform !== 'linux' && 'only Linux spreads one port over several sockets of a process',
}, async () => {
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    socket
      .on('error', () => {})
      .on('end', () => socket.end())
      .resume();
  });
  server.listen({ port: 0, host: '127.0.0.1', reusePort: true });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = await openAcceptors(server, port, '127.0.0.1');
  const crowd = Array.from({ length: 200 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  // All have knocked before the first is let in: the kernel answers for the process.
  let turns = 0;
  await eventually(() => {
    turns += 1;
    assert.ok(accepted === 200, `${accepted} after ${turns} turns`);
  });
  for (const socket of crowd) socket.destroy();
  server.close();
  await Promise.all([close(), once(server, 'close')]);
});
