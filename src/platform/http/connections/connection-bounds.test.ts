import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { eventually } from '../../../../test/support/eventually.ts';
import { atEndOf, type Lifetime } from '../../../../test/support/lifetime.ts';
import { createClientOf, trustProxies } from '../request/client-of.ts';
import { boundConnections, type ConnectionBounds } from './connection-bounds.ts';

interface Options {
  readonly proxies?: readonly string[];
  readonly limits?: 'on' | 'off';
}

async function serve(t: Lifetime, bounds: ConnectionBounds, { proxies = [], limits = 'on' }: Options = {}) {
  const server: Server = createServer((_request, response) => response.end('ok'));
  server.keepAliveTimeout = 60_000;
  const isProxy = trustProxies(proxies);
  const said: object[] = [];
  const clientOf = limits === 'on' ? createClientOf(isProxy) : undefined;
  boundConnections(server, bounds, { isProxy, clientOf, log: { warn: (line) => said.push(line) } });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEndOf(t, async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;

  /** Connects from an address, asks for something, and sees whether it is answered or reset. */
  async function ask(from: string): Promise<Socket | undefined> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    atEndOf(t, async () => void socket.destroy());
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nhost: bare\r\n\r\n');
    const answered = await new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
    });
    return answered ? socket : undefined;
  }
  /** Asks until a connection is reset. */
  async function askAll(from: string): Promise<Socket[]> {
    const sockets: Socket[] = [];
    for (let socket = await ask(from); socket; socket = await ask(from)) sockets.push(socket);
    return sockets;
  }
  return { ask, askAll, said };
}

test('one client’s connections leave room for another’s, and a closed one makes room for its own client', async (t) => {
  const { ask, askAll, said } = await serve(t, { connectionsMax: 100, clientShare: 1 / 4 });
  const sockets = await askAll('127.0.0.2');
  assert.equal(sockets.length, 20);
  assert.ok(await ask('127.0.0.3'));
  sockets[0]!.destroy();
  await eventually(async () => assert.ok(await ask('127.0.0.2')));
  assert.equal(said.length, 1, 'said once, however many were refused');
});

test('a proxy’s connections are nobody’s, and without limits an address may be a crowd', async (t) => {
  for (const options of [{ proxies: ['loopback'] }, { limits: 'off' }] as const) {
    const { askAll } = await serve(t, { connectionsMax: 30, clientShare: 1 / 4 }, options);
    assert.equal((await askAll('127.0.0.2')).length, 30);
  }
});

test('when all are taken, those that rest are closed, and whoever comes then is served', async (t) => {
  const { ask, askAll } = await serve(t, { connectionsMax: 5, clientShare: 1 }, { limits: 'off' });
  const resting = await askAll('127.0.0.2');
  assert.equal(resting.length, 5);
  await eventually(() => assert.ok(resting.every((socket) => socket.closed)));
  assert.ok(await ask('127.0.0.3'));
});
