import assert from 'node:assert/strict';
import { Resolver } from 'node:dns';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createFetchPhoto } from '../../src/menu/photo/fetch-photo.ts';
import { type AskForName, createLookup, isPublicAddress } from '../../src/platform/http/addresses/outgoing-address.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { atEndOf } from '../support/lifetime.ts';

/*
 * This machine's 127.0.0.2 stands for a server of somebody else's on the public internet, 127.0.0.1 for what is ours. Both listen on one
 * port, so that the name alone decides.
 */
const THEIRS = '127.0.0.2';
const OURS = '127.0.0.1';
const isAllowed = (address: string): boolean => address === THEIRS || isPublicAddress(address);

const life = { after };
let says: (name: string) => readonly string[] = () => [];
const dns = await startDnsServer(life, (name) => says(name));
const resolver = new Resolver();
resolver.setServers([dns.address]);
const ask: AskForName = (name, _options, callback) =>
  resolver.resolve4(name, (error, found) =>
    callback(
      error,
      (found ?? []).map((address) => ({ address, family: 4 })),
    ),
  );

const reached: string[] = [];
let answer = (_request: IncomingMessage, response: ServerResponse): void => void response.end('no picture');
async function listen(host: string, port: number): Promise<number> {
  const server = createServer((request, response) => {
    reached.push(`${host}${request.url}`);
    answer(request, response);
  });
  server.listen(port, host);
  await once(server, 'listening');
  atEndOf(life, async () => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}
const port = await listen(OURS, 0);
await listen(THEIRS, port);

const bounds = { timeoutMs: 60_000, bytesMax: 10_000, redirectsMax: 3, connectionsMax: 4 };
/** Each with connections of its own: one that is kept would need no name. */
function fetchOnce(address: string): Promise<string> {
  const fetchPhoto = createFetchPhoto(bounds, { parse: (text) => new URL(text), lookup: createLookup(ask, isAllowed) });
  atEndOf(life, () => fetchPhoto.close());
  return fetchPhoto(address).then(
    (bytes) => bytes.toString(),
    (error: Error) => error.message,
  );
}
const rebinding = `http://rebinding.example:${port}`;

test('a name is looked up once a connection, which goes to exactly what was checked, whatever the name says the next moment', async () => {
  const answers = [[THEIRS], [OURS], [OURS]];
  says = () => answers.shift() ?? [OURS];
  assert.equal(await fetchOnce(`${rebinding}/a`), 'no picture');
  assert.deepEqual([reached, dns.asked], [[`${THEIRS}/a`], ['rebinding.example']]);
  assert.match(await fetchOnce(`${rebinding}/b`), /rebinding\.example is 127\.0\.0\.1, not public/);
  assert.equal(dns.asked.length, 2);
  assert.deepEqual(reached, [`${THEIRS}/a`]);
});

test('of several addresses each must be public, wherever ours stands among them', async () => {
  reached.length = 0;
  for (const answers of [
    [THEIRS, OURS],
    [OURS, THEIRS],
    [THEIRS, '10.0.0.1'],
    [THEIRS, '169.254.169.254'],
    ['0.0.0.0'],
  ]) {
    says = () => answers;
    assert.match(await fetchOnce(`${rebinding}/c`), /not public/, answers.join());
  }
  says = () => [];
  assert.match(await fetchOnce(`${rebinding}/c`), /cannot be reached/);
  assert.deepEqual(reached, []);
});

test('a redirect to a name that has changed its mind meanwhile leads nowhere', async () => {
  reached.length = 0;
  says = (name) => [name === 'inside.example' ? OURS : THEIRS];
  answer = (_request, response) =>
    void response.writeHead(302, { location: `http://inside.example:${port}/secret` }).end();
  assert.match(await fetchOnce(`${rebinding}/redirect`), /inside\.example is 127\.0\.0\.1, not public/);
  assert.deepEqual(reached, [`${THEIRS}/redirect`]);
});
