import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { checkAddress } from './check-address.ts';

test('a taken port is refused, and the same port passes when it is free again', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await assert.rejects(checkAddress('127.0.0.1', port), { code: 'EADDRINUSE', port });
  server.close();
  await once(server, 'close');
  await checkAddress('127.0.0.1', port);
  await checkAddress('127.0.0.1', port);
});

test('a name that no machine has is told as HOST, and not as a database’s', async () => {
  await assert.rejects(checkAddress('no-machine.invalid', 0), {
    name: 'ConfigError',
    message: /^HOST=no-machine\.invalid: no machine has this name \(\w+\); 127\.0\.0\.1 serves/,
  });
});
