import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClientOf, trustProxies } from './client-of.ts';

const asked = (peer: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as never;

const clientBehind = (proxies: readonly string[]) => createClientOf(trustProxies(proxies));

test('without a trusted proxy the client is the socket’s peer, whatever it says of others', () => {
  const clientOf = clientBehind([]);
  assert.equal(clientOf(asked('203.0.113.9')), '203.0.113.9');
  assert.equal(clientOf(asked('203.0.113.9', '198.51.100.1')), '203.0.113.9');
  assert.equal(clientOf(asked('127.0.0.1', '198.51.100.1')), '127.0.0.1');
});

test('behind a trusted proxy the client is the nearest address that is not a trusted one', () => {
  const clientOf = clientBehind(['loopback', '10.0.0.0/8']);
  assert.equal(clientOf(asked('127.0.0.1', '198.51.100.1')), '198.51.100.1');
  // What the client itself wrote stands further left.
  assert.equal(clientOf(asked('127.0.0.1', '1.1.1.1, 198.51.100.1')), '198.51.100.1');
  assert.equal(clientOf(asked('::1', '1.1.1.1, 198.51.100.1, 10.2.3.4')), '198.51.100.1');
  assert.equal(clientOf(asked('::ffff:127.0.0.1', '198.51.100.1')), '198.51.100.1');
  // The proxy's own question, and one that comes past the proxy.
  assert.equal(clientOf(asked('127.0.0.1')), '127.0.0.1');
  assert.equal(clientOf(asked('203.0.113.9', '198.51.100.1')), '203.0.113.9');
});

test('an IPv6 client is its /64, and an IPv4 address written as IPv6 is that IPv4 address', () => {
  const clientOf = clientBehind(['loopback']);
  assert.equal(clientOf(asked('2001:db8:1:2:3:4:5:6')), '2001:db8:1:2::/64');
  assert.equal(clientOf(asked('2001:db8:1:2::1')), '2001:db8:1:2::/64');
  assert.notEqual(clientOf(asked('2001:db8:1:3::1')), '2001:db8:1:2::/64');
  assert.equal(clientOf(asked('::ffff:203.0.113.9')), '203.0.113.9');
  assert.equal(clientOf(asked('127.0.0.1', '2001:DB8:1:2::7')), '2001:db8:1:2::/64');
});

test('nonsense forwarded by a trusted proxy counts as the proxy, never as a client of its own each time', () => {
  const clientOf = clientBehind(['loopback']);
  for (const nonsense of ['unknown', '1.2.3.4:5678', 'x'.repeat(9_000), ',,,', '17', '999.1.1.1'])
    assert.equal(clientOf(asked('127.0.0.1', nonsense)), '127.0.0.1', nonsense.slice(0, 20));
});

test('a peer that is gone has a name too', () => {
  assert.equal(clientBehind(['loopback'])(asked(undefined, '198.51.100.1')), 'unknown');
});
