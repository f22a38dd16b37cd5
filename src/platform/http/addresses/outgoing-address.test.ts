import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicAddress, parseOutgoingUrl } from './outgoing-address.ts';

test('addresses of one’s own machine and network, of clouds’ metadata, and their disguises are not public', () => {
  for (const address of [
    ...[
      '127.0.0.1',
      '127.9.9.9',
      '0.0.0.0',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
    ],
    ...['100.64.0.1', '192.0.2.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::1', '::', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::'],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '64:ff9b::7f00:1', '::127.0.0.1'],
    ...['fec0::1', '::ffff:0:a00:1', '3fff::1', '5f00::1', '100::1', '64:ff9b:1::1'],
    ...['not an address', ''],
  ]) {
    assert.equal(isPublicAddress(address), false, address);
  }
  for (const address of [
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '172.15.0.1',
    '192.169.0.1',
    '2606:4700::1',
    '::ffff:8.8.8.8',
  ]) {
    assert.equal(isPublicAddress(address), true, address);
  }
});

test('a webhook’s address is https, on the public internet, and without a password', () => {
  for (const url of [
    ...['http://example.com/', 'ftp://example.com/', 'https://user:pw@example.com/', 'nonsense', '//example.com'],
    ...[
      'https://127.0.0.1/',
      'https://127.1/',
      'https://0x7f.1/',
      'https://2130706433/',
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
    ],
    ...['https://localhost/', 'https://LOCALHOST./', 'https://printer.local/', 'https://metadata.google.internal/'],
    ...['https://169.254.169.254/latest/meta-data'],
  ]) {
    assert.throws(() => parseOutgoingUrl(url, false), /must|not/, url);
  }
  assert.equal(parseOutgoingUrl('https://example.com:8443/hook', false).port, '8443');
  assert.equal(parseOutgoingUrl('http://127.0.0.1:1/', true).hostname, '127.0.0.1');
  assert.throws(() => parseOutgoingUrl('ftp://127.0.0.1/', true));
});
